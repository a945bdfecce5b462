//! What every endpoint shares, over real HTTP.

mod conventions;
