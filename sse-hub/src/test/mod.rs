//! Tools to test stores and what happens when they fail. With the feature `test`.

mod contract;
mod faulty;

pub use self::{
    contract::store_contract,
    faulty::{Fault, Faulty},
};
