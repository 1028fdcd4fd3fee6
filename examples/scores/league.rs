//! The simulated match days of a league of eight clubs. The same day always has the same goals.

use std::cmp::Reverse;

use fastrand::Rng;

use crate::event::{Board, Club, Game, Rank, Score, Side};

const CLUBS: [&str; 8] = ["Harbor", "Northgate", "Rovers", "Millfield", "Athletic", "Riverside", "Union", "Castle"];

/// The numbers of the matches of a day.
pub(crate) const GAMES: std::ops::RangeInclusive<u32> = 1..=4;

/// The regular length of a match in minutes. Each match has some minutes of stoppage time in addition.
const LENGTH: u32 = 90;

/// A league: the ranking before the current match day, and that day.
#[derive(Debug)]
pub(crate) struct League {
    before: Vec<Rank>,
    pub(crate) board: Board,
    random: Rng,
}

impl League {
    /// Creates a league before its first match day.
    pub(crate) fn new() -> Self {
        let rank = |club: &str| Rank { club: club.to_owned(), played: 0, difference: 0, points: 0 };
        let ranking = CLUBS.into_iter().map(rank).collect();
        Self::after(Board { day: 0, minute: 0, games: Vec::new(), ranking })
    }

    /// Creates a league between the match day of this board and the next one.
    pub(crate) fn after(board: Board) -> Self {
        Self { before: board.ranking.clone(), board, random: Rng::with_seed(0) }
    }

    /// Returns the numbers of the matches that are under way.
    pub(crate) fn playing(&self) -> impl Iterator<Item = u32> {
        self.board.games.iter().filter(|game| !game.is_over).map(|game| game.number)
    }

    /// Returns whether no match is under way.
    pub(crate) fn is_over(&self) -> bool {
        self.playing().next().is_none()
    }

    /// Begins the next match day.
    pub(crate) fn kick_off(&mut self) -> Score {
        self.before = self.board.ranking.clone();
        let day = self.board.day.saturating_add(1);
        self.random = Rng::with_seed(day);
        let games = games(day);
        let ranking = ranking(&self.before, &games);
        self.board = Board { day, minute: 0, games, ranking };
        Score::Snapshot(self.board.clone())
    }

    /// Plays a minute of all matches that are under way. Returns the events after that of the minute itself.
    pub(crate) fn play(&mut self) -> Vec<Score> {
        self.board.minute += 1;
        let minute = self.board.minute;
        let mut events = Vec::new();
        for game in self.board.games.iter_mut().filter(|game| !game.is_over) {
            let number = game.number;
            for (side, one_in) in [(Side::Home, 55), (Side::Away, 70)] {
                if self.random.u32(..one_in) == 0 {
                    match side {
                        Side::Home => game.home.goals.push(minute),
                        Side::Away => game.away.goals.push(minute),
                    }
                    let (home, away) = game.score();
                    events.push(Score::Goal { game: number, minute, side, home, away });
                }
            }
            if minute >= LENGTH + number {
                game.is_over = true;
                let (home, away) = game.score();
                events.push(Score::FullTime { game: number, minute, home, away });
            }
        }
        if events.iter().any(|event| matches!(event, Score::Goal { .. })) {
            self.board.ranking = ranking(&self.before, &self.board.games);
            events.push(Score::Ranking { ranking: self.board.ranking.clone() });
        }
        events
    }
}

/// Returns the ranking before the matches, changed as if they ended now.
fn ranking(before: &[Rank], games: &[Game]) -> Vec<Rank> {
    let mut ranking = before.to_vec();
    for rank in &mut ranking {
        let Some((own, other)) = games.iter().find_map(|game| game.result(&rank.club)) else { continue };
        rank.played += 1;
        rank.difference += own.cast_signed() - other.cast_signed();
        rank.points += if own > other { 3 } else { u32::from(own == other) };
    }
    ranking.sort_by_key(|rank| Reverse((rank.points, rank.difference)));
    ranking
}

impl Board {
    /// Applies an event. One that the board already contains changes nothing.
    pub(crate) fn apply(&mut self, event: Score) {
        match event {
            Score::Snapshot(board) => *self = board,
            Score::Minute { minute } => self.minute = minute,
            Score::Goal { game, minute, home, away, .. } => {
                if let Some(game) = self.game(game) {
                    game.home.scored(home, minute);
                    game.away.scored(away, minute);
                }
            }
            Score::Ranking { ranking } => self.ranking = ranking,
            Score::FullTime { game, .. } => {
                if let Some(game) = self.game(game) {
                    game.is_over = true;
                }
            }
            Score::Resync(_) | Score::Node { .. } => {}
        }
    }

    fn game(&mut self, number: u32) -> Option<&mut Game> {
        self.games.iter_mut().find(|game| game.number == number)
    }

    /// Returns the board with a single match and without the ranking.
    pub(crate) fn only(mut self, number: u32) -> Self {
        self.games.retain(|game| game.number == number);
        self.ranking.clear();
        self
    }
}

impl Club {
    /// Adds the goals up to a total. If the event of one was lost, it is attributed to the minute of the next one.
    fn scored(&mut self, total: u32, minute: u32) {
        let known = u32::try_from(self.goals.len()).unwrap_or(u32::MAX);
        self.goals.extend((known..total).map(|_| minute));
    }
}

impl Game {
    fn score(&self) -> (u32, u32) {
        let count = |club: &Club| u32::try_from(club.goals.len()).unwrap_or(u32::MAX);
        (count(&self.home), count(&self.away))
    }

    /// Returns the goals of a club and of its opponent, or `None` if the club does not play in this match.
    fn result(&self, club: &str) -> Option<(u32, u32)> {
        let (home, away) = self.score();
        match club {
            _ if club == self.home.name => Some((home, away)),
            _ if club == self.away.name => Some((away, home)),
            _ => None,
        }
    }
}

/// Returns the matches of a day: the first club stays, the others move on by one, and opposite ones meet.
fn games(day: u64) -> Vec<Game> {
    let mut clubs = CLUBS;
    let moved = usize::try_from(day.saturating_sub(1) % 7).unwrap_or_default();
    let [_, others @ ..] = &mut clubs;
    others.rotate_right(moved);
    let (home, away) = clubs.split_at(CLUBS.len() / 2);
    let club = |name: &str| Club { name: name.to_owned(), goals: Vec::new() };
    let pairs = GAMES.zip(home.iter().zip(away.iter().rev()));
    pairs.map(|(number, (home, away))| Game { number, home: club(home), away: club(away), is_over: false }).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Plays a match day to its end. Returns its events.
    fn day(league: &mut League) -> Vec<Score> {
        let mut events = vec![league.kick_off()];
        while !league.is_over() {
            events.extend(league.play());
        }
        events
    }

    #[test]
    fn a_board_made_from_the_events_is_that_of_the_league_although_some_are_applied_twice() {
        let mut league = League::new();
        let Score::Snapshot(mut board) = league.kick_off() else { panic!("a snapshot") };
        while !league.is_over() {
            let events = league.play();
            board.apply(Score::Minute { minute: league.board.minute });
            for event in events.iter().chain(&events) {
                board.apply(event.clone());
            }
            assert_eq!(format!("{board:?}"), format!("{:?}", league.board));
        }
    }

    #[test]
    fn a_league_continues_after_the_board_of_a_match_day() {
        let mut league = League::new();
        day(&mut league);
        let mut later = League::after(league.board.clone());
        assert_eq!(format!("{:?}", day(&mut later)), format!("{:?}", day(&mut league)));
        assert_eq!(later.board.day, 2);
    }

    #[test]
    fn the_board_contains_what_the_events_report() {
        let mut league = League::new();
        let mut scores = [(0, 0); 4];
        for event in day(&mut league) {
            if let Score::Goal { game, home, away, .. } | Score::FullTime { game, home, away, .. } = event {
                scores[game as usize - 1] = (home, away);
            }
        }
        let board: Vec<_> = league.board.games.iter().map(Game::score).collect();
        assert_eq!(board, scores);
        assert!(scores.iter().any(|(home, away)| home + away > 0), "{scores:?}");
    }

    #[test]
    fn each_match_ends_once_and_in_a_minute_of_its_own() {
        let ends: Vec<_> = day(&mut League::new())
            .into_iter()
            .filter_map(|event| match event {
                Score::FullTime { game, minute, .. } => Some((game, minute)),
                _ => None,
            })
            .collect();
        assert_eq!(ends, [(1, 91), (2, 92), (3, 93), (4, 94)]);
    }

    #[test]
    fn after_seven_days_every_club_has_met_every_other_one() {
        let mut league = League::new();
        let mut met = BTreeSet::new();
        for _ in 0..7 {
            day(&mut league);
            for game in &league.board.games {
                let mut pair = [game.home.name.clone(), game.away.name.clone()];
                pair.sort();
                met.insert(pair);
            }
        }
        assert_eq!(met.len(), 8 * 7 / 2);
        assert!(league.board.ranking.iter().all(|rank| rank.played == 7), "{:?}", league.board.ranking);
        assert_eq!(league.board.ranking.iter().map(|rank| rank.difference).sum::<i32>(), 0);
        assert!(league.board.ranking.is_sorted_by_key(|rank| Reverse((rank.points, rank.difference))));
    }

    #[test]
    fn the_same_day_has_the_same_goals() {
        let goals = |events: Vec<Score>| format!("{events:?}");
        assert_eq!(goals(day(&mut League::new())), goals(day(&mut League::new())));
    }
}
