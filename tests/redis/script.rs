//! The script that joins or opens an epoch, in each state of the log.
