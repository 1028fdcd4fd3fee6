//! A hash table of names, for constant evaluation, which has neither allocation nor `HashMap`.

/// The hash of a name. It can be continued with the next piece of the name, so that a prefix is hashed once for all
/// names after it.
#[derive(Clone, Copy)]
pub(super) struct Hash(u64);

impl Hash {
    /// The hash of the empty name.
    pub(super) const EMPTY: Self = Self(0);

    /// The hash is a polynomial over the bytes, modulo a Mersenne prime. The base is an arbitrary number below it.
    const MODULUS: u128 = (1 << 61) - 1;
    const BASE: u128 = 0x0c3a_5c85_c97c_b313;

    /// Continues the hash with the next piece of a name.
    pub(super) const fn then(self, text: &str) -> Self {
        let mut hash = self.0 as u128;
        let mut rest = text.as_bytes();
        while let [byte, bytes @ ..] = rest {
            // The added 1 distinguishes names that begin with U+0000.
            hash = (hash * Self::BASE + *byte as u128 + 1) % Self::MODULUS;
            rest = bytes;
        }
        // The remainder fits, because the modulus does.
        #[expect(clippy::cast_possible_truncation, reason = "the modulus is less than 2^61")]
        Self(hash as u64)
    }

    /// Returns whether two hashes are equal.
    pub(super) const fn is(self, other: Self) -> bool {
        self.0 == other.0
    }
}

/// The entry that a name in the table belongs to.
#[derive(Clone, Copy)]
pub(super) struct Owner {
    /// The position of the flattened variant, or `None` for the type's own names.
    pub(super) group: Option<usize>,
    /// Whether the entry ignores the name.
    pub(super) ignores: bool,
}

impl Owner {
    const fn is(self, other: Self) -> bool {
        self.is_same_group(other) && self.ignores == other.ignores
    }

    const fn is_same_group(self, other: Self) -> bool {
        match (self.group, other.group) {
            (Some(one), Some(two)) => one == two,
            (None, None) => true,
            _ => false,
        }
    }

    /// Returns whether one event can belong to both. A name can be ignored by any number of types.
    const fn competes_with(self, other: Self) -> bool {
        !(self.is_same_group(other) || self.ignores && other.ignores)
    }
}

/// The hashes of names with their owners.
///
/// The size is fixed, because it cannot depend on a generic type. A description with more names is entered in several
/// rounds, each of which takes a share of the hashes.
pub(super) struct Table {
    slots: [Option<(u64, Owner)>; Self::SIZE],
    round: usize,
    rounds: usize,
}

impl Table {
    const SIZE: usize = 8192;

    /// Returns the number of rounds for a number of names, so that a table is at most about half full.
    pub(super) const fn rounds(names: usize) -> usize {
        names / (Self::SIZE / 2) + 1
    }

    /// Creates the table of a round.
    #[expect(clippy::large_stack_arrays, reason = "the memory is that of the compiler, which evaluates the table")]
    pub(super) const fn new(round: usize, rounds: usize) -> Self {
        Self { slots: [None; Self::SIZE], round, rounds }
    }

    /// Enters a name if it belongs to this round. Returns whether a competing owner may have the name: equal names have
    /// equal hashes, but the converse does not hold.
    #[expect(clippy::indexing_slicing, reason = "a remainder of the size is less than the size")]
    #[expect(clippy::cast_possible_truncation, reason = "any bits of the hash select a slot")]
    pub(super) const fn enter(&mut self, hash: Hash, owner: Owner) -> bool {
        let share = hash.0 as usize;
        if share % self.rounds != self.round {
            return false;
        }
        let (mut at, mut met, mut probed) = (share / self.rounds, false, 0);
        while probed < Self::SIZE {
            match self.slots[at % Self::SIZE] {
                None => {
                    self.slots[at % Self::SIZE] = Some((hash.0, owner));
                    return met;
                }
                Some((known, other)) if known == hash.0 => {
                    met = met || owner.competes_with(other);
                    if owner.is(other) {
                        return met;
                    }
                }
                Some(_) => {}
            }
            at += 1;
            probed += 1;
        }
        // The table is full, so nothing is known about the name.
        true
    }
}
