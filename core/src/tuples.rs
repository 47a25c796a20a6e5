//! How long tuples may be: as long wherever they are taken or made.

/// Calls a macro for each tuple of one to sixteen elements, or from two on: `implement!(how_many: A A2 0, B B2 1, …)`. An element has
/// a name for its type, one for a type that goes with it, and its index.
macro_rules! for_each_tuple {
    ($implement:ident) => {
        $implement!(1: A A2 0);
        $crate::tuples::for_each_tuple!($implement from 2);
    };
    ($implement:ident from 2) => {
        $implement!(2: A A2 0, B B2 1);
        $implement!(3: A A2 0, B B2 1, C C2 2);
        $implement!(4: A A2 0, B B2 1, C C2 2, D D2 3);
        $implement!(5: A A2 0, B B2 1, C C2 2, D D2 3, E E2 4);
        $implement!(6: A A2 0, B B2 1, C C2 2, D D2 3, E E2 4, F F2 5);
        $implement!(7: A A2 0, B B2 1, C C2 2, D D2 3, E E2 4, F F2 5, G G2 6);
        $implement!(8: A A2 0, B B2 1, C C2 2, D D2 3, E E2 4, F F2 5, G G2 6, H H2 7);
        $implement!(9: A A2 0, B B2 1, C C2 2, D D2 3, E E2 4, F F2 5, G G2 6, H H2 7, I I2 8);
        $implement!(10: A A2 0, B B2 1, C C2 2, D D2 3, E E2 4, F F2 5, G G2 6, H H2 7, I I2 8, J J2 9);
        $implement!(11: A A2 0, B B2 1, C C2 2, D D2 3, E E2 4, F F2 5, G G2 6, H H2 7, I I2 8, J J2 9, K K2 10);
        $implement!(12: A A2 0, B B2 1, C C2 2, D D2 3, E E2 4, F F2 5, G G2 6, H H2 7, I I2 8, J J2 9, K K2 10, L L2 11);
        $implement!(13: A A2 0, B B2 1, C C2 2, D D2 3, E E2 4, F F2 5, G G2 6, H H2 7, I I2 8, J J2 9, K K2 10, L L2 11, N N2 12);
        $implement!(14: A A2 0, B B2 1, C C2 2, D D2 3, E E2 4, F F2 5, G G2 6, H H2 7, I I2 8, J J2 9, K K2 10, L L2 11, N N2 12, O O2 13);
        $implement!(15: A A2 0, B B2 1, C C2 2, D D2 3, E E2 4, F F2 5, G G2 6, H H2 7, I I2 8, J J2 9, K K2 10, L L2 11, N N2 12, O O2 13, P P2 14);
        $implement!(16: A A2 0, B B2 1, C C2 2, D D2 3, E E2 4, F F2 5, G G2 6, H H2 7, I I2 8, J J2 9, K K2 10, L L2 11, N N2 12, O O2 13, P P2 14, Q Q2 15);
    };
}

pub(crate) use for_each_tuple;
