//! The URLs of servers: `scheme://user:password@host:port/dbname?option=value`, by one grammar for all of them.
//!
//! Each part may also be given as an option of its name, but once. What is wrong is said without quoting the URL: a password
//! that was not encoded may stand anywhere in it.

use std::fs::File;

use super::UrlOptions;
use crate::error::Result;

/// A server's address as messages name it: `host:port`, `[::1]:port`, or the path of a Unix socket.
pub fn address(host: &str, port: u16) -> String {
    if host.starts_with('/') {
        host.to_owned()
    } else if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

const ENCODE: &str = "characters like @ / ? : % in a user, a password or a name are written percent-encoded";

impl UrlOptions {
    /// Reads a server's URL. Its parts become the options `user`, `password`, `host`, `port` and `dbname`, which have to be among
    /// the `known` ones; those that are empty are left out.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config).
    pub fn parse_server(
        backend: &'static str,
        schemes: &[&str],
        known: &'static [&'static str],
        url: &str,
    ) -> Result<UrlOptions> {
        let scheme_and_rest = url.split_once("://").filter(|(scheme, _)| schemes.contains(scheme));
        let Some((_, rest)) = scheme_and_rest else {
            let begins = schemes.iter().map(|scheme| format!("{scheme}://")).collect::<Vec<_>>().join(" or ");
            return Err(UrlOptions::none(backend, known).wrong(&format!("it begins with {begins}")));
        };
        let (before, query) = rest.split_once('?').unwrap_or((rest, ""));
        // Where a `?` in a password was not encoded, what follows is no list of options, and must not be quoted.
        if query.contains(['@', '/']) && !query.contains('=') {
            let reason = format!("what follows ? is not a list of options; {ENCODE}");
            return Err(UrlOptions::none(backend, known).wrong(&reason));
        }
        let mut options = UrlOptions::parse(backend, known, query)?;
        let (authority, path) = before.split_once('/').unwrap_or((before, ""));
        let (user_info, address) = match authority.rsplit_once('@') {
            Some((user_info, address)) => (Some(user_info), address),
            None => (None, authority),
        };
        options.set_user(user_info)?;
        options.set_address(address)?;
        if path.contains(['/', '@']) {
            return Err(options.wrong(&format!("the name of the database holds / or @ as such; {ENCODE}")));
        }
        if !path.is_empty() {
            options.set("dbname", path)?;
        }
        Ok(options)
    }

    /// Who connects.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) where nobody is named.
    pub fn user(&self) -> Result<&str> {
        self.text("user").ok_or_else(|| self.wrong("it names no user, as in scheme://user@host/database"))
    }

    /// The port.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) where it is no number of a port.
    pub fn port(&self, default: u16) -> Result<u16> {
        let port = self.number("port", default.into(), 1..=65_535);
        port.ok()
            .and_then(|port| u16::try_from(port).ok())
            .ok_or_else(|| self.wrong(&format!("port is a number from 1 to 65535; {ENCODE}")))
    }

    /// The value of an option that names a file, which can be opened.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) where it can't; the path is not shown.
    pub fn file(&self, name: &str) -> Result<Option<&str>> {
        let Some(path) = self.text(name) else { return Ok(None) };
        match std::fs::metadata(path).and_then(|found| File::open(path).map(|_| found.is_file())) {
            Ok(true) => Ok(Some(path)),
            Ok(false) => Err(self.wrong(&format!("what {name} names is no file"))),
            Err(error) => Err(self.wrong(&format!("the file that {name} names can't be read: {}", error.kind()))),
        }
    }

    fn set_user(&mut self, user_info: Option<&str>) -> Result<()> {
        let Some(user_info) = user_info else { return Ok(()) };
        let (user, password) = match user_info.split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None => (user_info, None),
        };
        self.set("user", user)?;
        password.map_or(Ok(()), |password| self.set("password", password))
    }

    /// A host and perhaps a port; an IPv6 address stands in brackets, which are taken off.
    fn set_address(&mut self, address: &str) -> Result<()> {
        let (host, port) = match address.strip_prefix('[') {
            None => address.split_once(':').map_or((address, None), |(host, port)| (host, Some(port))),
            Some(bracketed) => {
                let Some((host, after)) = bracketed.split_once(']') else {
                    return Err(self.wrong("the ] of the IPv6 address is missing"));
                };
                match after.strip_prefix(':') {
                    None if !after.is_empty() => {
                        return Err(self.wrong("after the ] of an IPv6 address only a port can follow"));
                    }
                    port => (host, port),
                }
            }
        };
        if !host.is_empty() {
            self.set("host", host)?;
        }
        port.map_or(Ok(()), |port| self.set("port", port))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[&str] = &["user", "password", "host", "port", "dbname", "mode"];

    fn parse(url: &str) -> Result<UrlOptions> {
        UrlOptions::parse_server("test", &["test", "tests"], KNOWN, url)
    }

    fn parts(url: &str) -> [Option<String>; 5] {
        let options = parse(url).unwrap();
        ["user", "password", "host", "port", "dbname"].map(|name| options.text(name).map(str::to_owned))
    }

    #[test]
    fn every_part_is_read_and_decoded() {
        let all = ["us@er", "p/:", "db.example", "6543", "sh op"].map(|part| Some(part.to_owned()));
        assert_eq!(parts("tests://us%40er:p%2F%3a@db.example:6543/sh%20op?mode=a"), all);
        let some = |user: &str, host: &str| [Some(user.to_owned()), None, Some(host.to_owned()), None, None];
        assert_eq!(parts("test://me@[::1]"), some("me", "::1"));
        assert_eq!(parts("test://me@[::1]/"), some("me", "::1"));
        assert_eq!(parts("test:///?user=me&host=/tmp"), some("me", "/tmp"));
        assert_eq!(parts("test://me:@[::1]:7/x")[1].as_deref(), Some(""));
        assert_eq!(parse("test://me@host").unwrap().port(5_432).unwrap(), 5_432);
    }

    #[test]
    fn an_address_is_written_as_it_is_in_a_url() {
        for (host, expected) in [("db.example", "db.example:1"), ("::1", "[::1]:1"), ("/tmp", "/tmp")] {
            assert_eq!(address(host, 1), expected);
        }
    }

    #[test]
    fn what_is_wrong_is_said_without_a_password() {
        for (url, said) in [
            ("canary", "it begins with test:// or tests://"),
            ("other://canary@host", "it begins with"),
            ("test://me:canary@host:/x", "port is empty"),
            ("test://me:canary@[::1/x", "the ] of the IPv6 address is missing"),
            ("test://me:canary@[::1]7/x", "only a port can follow"),
            ("test://me:canary@host/x/canary", "holds / or @ as such"),
            ("test://me:1/canary@host/x", "holds / or @ as such"),
            ("test://me:canary?canary@host/x", "not a list of options"),
            ("test://me:canary?canary=1@host/x", "unknown option;"),
            ("test://me:canary%ff@host/x", "password is not UTF-8"),
            ("test://:canary@host/x", "user is empty"),
            ("test://me:canary@host/x?user=canary", "user is given twice"),
        ] {
            let Err(error) = parse(url) else { panic!("{url} was read") };
            let error = format!("{error} {error:?}");
            assert!(error.contains(said), "{url}: {error}");
            assert!(!error.contains("canary"), "{url}: {error}");
        }
        assert!(parse("test://host").unwrap().user().unwrap_err().to_string().contains("names no user"));
        for port in ["x", "0", "65536"] {
            let error = parse(&format!("test://me:canary@host:{port}")).unwrap().port(1).unwrap_err().to_string();
            assert!(error.contains("port is a number from 1 to 65535") && !error.contains("canary"), "{error}");
        }
    }
}
