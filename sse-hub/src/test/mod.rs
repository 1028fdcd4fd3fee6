//! Tools for testing stores and their failures. Requires the feature `test`.

mod contract;
mod faulty;

pub use self::{
    contract::store_contract,
    faulty::{Fault, Faulty},
};
