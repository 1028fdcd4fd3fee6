//! The market feed: the events, and the day they make.
