//! UUIDs whose bits say nothing: of any version and variant.

use creole::prelude::*;
use uuid::Uuid;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "marks")]
struct Mark {
    #[model(primary_key)]
    id: i64,
    mark: Uuid,
}

/// Each is stored as it is, or refused before it is sent.
#[creole::test]
async fn any_bits_are_kept_or_refused(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Mark]).await?;
    let mut session = engine.session();
    let (mut kept, mut refused) = (0, 0);
    for version in 0..16_u8 {
        for variant in [0x00, 0x01, 0x3c, 0x7f, 0x80, 0x81, 0xbf, 0xc0, 0xff_u8] {
            let mut bytes = [0x11; 16];
            bytes[6] = version << 4 | 0x0a;
            bytes[8] = variant;
            let mark = Mark { id: i64::from(version) * 256 + i64::from(variant), mark: Uuid::from_bytes(bytes) };
            match insert(&mark).exec(&mut session).await {
                Ok(_) => {
                    assert_eq!(Mark::select().filter(Mark::mark.eq(mark.mark)).one(&mut session).await?, mark);
                    kept += 1;
                }
                // The transaction goes on, so nothing was sent.
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::InvalidValue, "{}: {error}", mark.mark);
                    refused += 1;
                }
            }
        }
    }
    session.commit().await?;
    let expected = if engine.dialect().name() == "mariadb" { (112, 32) } else { (144, 0) };
    assert_eq!((kept, refused), expected);
    Ok(())
}
