//! Case rules, which make event names from variant names: those of serde, and `dot.case`.

/// A case rule of `rename_all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
    Dot,
}

impl Rule {
    /// All rules with their names. Each name is written in its own case.
    pub(crate) const ALL: [(&'static str, Self); 9] = [
        ("lowercase", Self::Lower),
        ("UPPERCASE", Self::Upper),
        ("PascalCase", Self::Pascal),
        ("camelCase", Self::Camel),
        ("snake_case", Self::Snake),
        ("SCREAMING_SNAKE_CASE", Self::ScreamingSnake),
        ("kebab-case", Self::Kebab),
        ("SCREAMING-KEBAB-CASE", Self::ScreamingKebab),
        ("dot.case", Self::Dot),
    ];

    /// Returns whether serde supports the rule too.
    pub(crate) fn is_in_serde(self) -> bool {
        self != Self::Dot
    }

    /// Returns the rule with this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find_map(|(known, rule)| (known == name).then_some(rule))
    }

    /// Applies the rule to a variant name, which is assumed to be in `PascalCase`.
    pub(crate) fn apply(self, variant: &str) -> String {
        match self {
            Self::Pascal => variant.to_owned(),
            Self::Lower => variant.to_ascii_lowercase(),
            Self::Upper => variant.to_ascii_uppercase(),
            Self::Camel => camel(variant),
            Self::Snake => words(variant, '_'),
            Self::ScreamingSnake => words(variant, '_').to_ascii_uppercase(),
            Self::Kebab => words(variant, '_').replace('_', "-"),
            Self::ScreamingKebab => words(variant, '_').to_ascii_uppercase().replace('_', "-"),
            Self::Dot => words(variant, '_').replace('_', "."),
        }
    }

    /// Applies the rule to a field name, which is assumed to be in `snake_case`.
    pub(crate) fn apply_to_field(self, field: &str) -> String {
        match self {
            Self::Lower | Self::Snake | Self::Dot => field.to_owned(),
            Self::Upper | Self::ScreamingSnake => field.to_ascii_uppercase(),
            Self::Pascal => pascal(field),
            Self::Camel => camel(&pascal(field)),
            Self::Kebab => field.replace('_', "-"),
            Self::ScreamingKebab => field.to_ascii_uppercase().replace('_', "-"),
        }
    }
}

/// Converts a field name to `PascalCase`. Only ASCII letters change case.
fn pascal(field: &str) -> String {
    field
        .split('_')
        .flat_map(|word| word.char_indices())
        .map(|(at, letter)| if at == 0 { letter.to_ascii_uppercase() } else { letter })
        .collect()
}

fn camel(variant: &str) -> String {
    let mut chars = variant.chars();
    chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
}

/// Splits a variant name into lowercase words, like serde: each uppercase letter begins a word, so `HTTPError` has five
/// words, and only ASCII letters change case.
fn words(variant: &str, separator: char) -> String {
    let mut name = String::with_capacity(variant.len() + 4);
    for (position, letter) in variant.char_indices() {
        if position > 0 && letter.is_uppercase() {
            name.push(separator);
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::Rule;

    /// Variant names under each rule, with one column for each entry of `Rule::ALL`.
    const TABLE: &[[&str; 9]] = &[
        ["outcome", "OUTCOME", "Outcome", "outcome", "outcome", "OUTCOME", "outcome", "OUTCOME", "outcome"],
        [
            "verytasty",
            "VERYTASTY",
            "VeryTasty",
            "veryTasty",
            "very_tasty",
            "VERY_TASTY",
            "very-tasty",
            "VERY-TASTY",
            "very.tasty",
        ],
        ["a", "A", "A", "a", "a", "A", "a", "A", "a"],
        ["z42", "Z42", "Z42", "z42", "z42", "Z42", "z42", "Z42", "z42"],
        [
            "httperror",
            "HTTPERROR",
            "HTTPError",
            "hTTPError",
            "h_t_t_p_error",
            "H_T_T_P_ERROR",
            "h-t-t-p-error",
            "H-T-T-P-ERROR",
            "h.t.t.p.error",
        ],
        [
            "snake_id",
            "SNAKE_ID",
            "Snake_Id",
            "snake_Id",
            "snake__id",
            "SNAKE__ID",
            "snake--id",
            "SNAKE--ID",
            "snake..id",
        ],
        // Non-ASCII letters keep their case.
        ["École", "ÉCOLE", "École", "École", "École", "ÉCOLE", "École", "ÉCOLE", "École"],
    ];

    #[test]
    fn variant_names_match_serde() {
        for row in TABLE {
            let variant = row[2];
            for ((name, rule), expected) in Rule::ALL.iter().zip(row) {
                assert_eq!(rule.apply(variant), *expected, "{name} of {variant}");
            }
        }
    }

    /// Field names under each rule that serde supports.
    const FIELDS: [[&str; 8]; 3] = [
        ["sent_at", "SENT_AT", "SentAt", "sentAt", "sent_at", "SENT_AT", "sent-at", "SENT-AT"],
        ["v2", "V2", "V2", "v2", "v2", "V2", "v2", "V2"],
        ["_id__of", "_ID__OF", "IdOf", "idOf", "_id__of", "_ID__OF", "-id--of", "-ID--OF"],
    ];

    #[test]
    fn field_names_match_serde() {
        for row in FIELDS {
            for ((name, rule), expected) in Rule::ALL.iter().zip(row) {
                assert_eq!(rule.apply_to_field(row[0]), expected, "{name} of {}", row[0]);
            }
        }
    }

    #[test]
    fn every_rule_is_found_by_its_name() {
        for (name, rule) in Rule::ALL {
            assert_eq!(Rule::named(name), Some(rule));
        }
        assert_eq!(Rule::named("Dot.case"), None);
    }
}
