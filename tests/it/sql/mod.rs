//! Expected SQL of all dialects side by side, without a server.
