//! Background work of a pool: idle and old connections are closed, and the minimum number is kept open.

use std::time::{Duration, Instant};

use super::PoolOptions;
use super::pool::{Members, Pool, WeakPool};

/// Looks after a pool until it is closed or gone. Needs a runtime; without one nothing is closed before its next use.
pub(super) fn spawn(pool: &Pool, options: &PoolOptions) {
    let shortest = [options.idle_timeout, options.max_lifetime].into_iter().flatten().min();
    let Some(shortest) = shortest.or((options.min_connections > 0).then_some(Duration::from_secs(60))) else { return };
    let period = (shortest / 4).clamp(Duration::from_millis(100), Duration::from_secs(30));
    let weak = pool.downgrade();
    let options = options.clone();
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    runtime.spawn(async move {
        loop {
            tokio::time::sleep(period).await;
            if !look_after(&weak, &options).await {
                return;
            }
        }
    });
}

/// Whether the pool is still there.
async fn look_after(weak: &WeakPool, options: &PoolOptions) -> bool {
    let Some(pool) = weak.upgrade() else { return false };
    if pool.is_closed() {
        return false;
    }
    for members in pool.members() {
        close_old_ones(members, options).await;
    }
    // A failure to connect is kept for the next timeout's message; here there is no caller to report it to.
    let _ = pool.fill().await;
    true
}

async fn close_old_ones(members: &Members, options: &PoolOptions) {
    let now = Instant::now();
    let mut to_keep = members.status().size;
    let removed = members.retain(|link, metrics| {
        let is_expired = link.expires.is_some_and(|expires| expires <= now);
        let is_idle = options.idle_timeout.is_some_and(|timeout| metrics.last_used() >= timeout);
        let stays = !is_expired && (!is_idle || to_keep <= options.min_connections);
        if !stays {
            to_keep = to_keep.saturating_sub(1);
        }
        stays
    });
    for link in removed.removed {
        let _ = tokio::time::timeout(options.release_timeout, link.close()).await;
    }
}
