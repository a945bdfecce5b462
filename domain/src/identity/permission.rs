//! Who may do what with a thing that belongs to an organisation: the table of rights.
//!
//! Invariant: a right comes from a membership as it stands at the moment of asking, or from being an operator; it
//! is never carried in a token. An operator may do everything, and all of it is audited.

use super::organisation::State;
use super::role::{Membership, Role, Thing};

/// What can be done with what belongs to an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Scan a pass at the door or the counter.
    Scan,
    /// See who has a seat, and download the list.
    SeeRoster,
    /// Say who came.
    MarkAttendance,
    /// Create and change, drafts included.
    Edit,
    /// Show to the public, pause, call off.
    Publish,
    /// Approve, reject, remove, promote.
    Decide,
    /// Let in against the rules, with a reason.
    Force,
    /// See, invite and remove members.
    ManageMembers,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 8] = [
        Self::Scan,
        Self::SeeRoster,
        Self::MarkAttendance,
        Self::Edit,
        Self::Publish,
        Self::Decide,
        Self::Force,
        Self::ManageMembers,
    ];

    /// The least role that may do it.
    pub fn needs(self) -> Role {
        match self {
            Self::Scan | Self::SeeRoster | Self::MarkAttendance => Role::Staff,
            Self::Edit | Self::Publish | Self::Decide | Self::Force => Role::Manager,
            Self::ManageMembers => Role::Owner,
        }
    }

    /// Whether it is possible in an organisation that nobody has confirmed yet: only what no outsider sees.
    fn before_confirmation(self) -> bool {
        matches!(self, Self::Edit | Self::ManageMembers)
    }
}

/// Whether `role`, narrowed to `scope`, may do `action` on `subject`; no subject = the organisation as a whole.
/// Whoever has a scope can do nothing else.
pub fn permits(role: Role, scope: Option<Thing>, action: Action, subject: Option<Thing>) -> bool {
    role >= action.needs() && scope.is_none_or(|scope| subject == Some(scope))
}

/// By what right something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// As a member of the organisation.
    Member(Role),
    /// As an operator of the city.
    Operator,
}

/// How somebody stands to one organisation at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether it is an operator of the city.
    pub is_operator: bool,
    /// How far the organisation has come.
    pub state: State,
    /// Every role there; the least powerful first or in no order.
    pub memberships: Vec<Membership>,
}

impl Standing {
    /// Whether the person belongs to it in any way, and so may know that it exists.
    pub fn is_inside(&self) -> bool {
        self.is_operator || !self.memberships.is_empty()
    }

    /// By what right `action` may be done on `subject`; none = it may not. The person's own role goes before the
    /// operator's, so that the log says the lesser of the two.
    pub fn authority(&self, action: Action, subject: Option<Thing>) -> Option<Authority> {
        let possible = match self.state {
            State::Active => true,
            State::Pending => action.before_confirmation(),
            State::Closed => false,
        };
        let role = self
            .memberships
            .iter()
            .filter(|held| possible && permits(held.role, held.scope, action, subject))
            .map(|held| held.role)
            .max();
        role.map(Authority::Member).or(self.is_operator.then_some(Authority::Operator))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{ClassId, EventId};
    use uuid::Uuid;

    fn class(number: u128) -> Thing {
        Thing::Class(ClassId(Uuid::from_u128(number)))
    }

    /// The table of the HTTP contract, cell by cell.
    #[test]
    fn role_by_action() {
        let table = [
            (Action::Scan, [true, true, true]),
            (Action::SeeRoster, [true, true, true]),
            (Action::MarkAttendance, [true, true, true]),
            (Action::Edit, [false, true, true]),
            (Action::Publish, [false, true, true]),
            (Action::Decide, [false, true, true]),
            (Action::Force, [false, true, true]),
            (Action::ManageMembers, [false, false, true]),
        ];
        assert_eq!(table.map(|(action, _)| action), Action::ALL);
        for (action, allowed) in table {
            for (role, allowed) in Role::ALL.into_iter().zip(allowed) {
                assert_eq!(permits(role, None, action, None), allowed, "{role:?} {action:?}");
                assert_eq!(permits(role, None, action, Some(class(1))), allowed, "{role:?} {action:?}");
                assert_eq!(
                    permits(role, Some(class(1)), action, Some(class(1))),
                    allowed,
                    "{role:?} {action:?}"
                );
            }
        }
    }

    #[test]
    fn a_scope_shuts_out_everything_else() {
        let event = Thing::Event(EventId(Uuid::from_u128(1)));
        for action in Action::ALL {
            for role in Role::ALL {
                for subject in [None, Some(class(2)), Some(event)] {
                    assert!(
                        !permits(role, Some(class(1)), action, subject),
                        "{role:?} {action:?} {subject:?}"
                    );
                }
            }
        }
    }

    fn standing(is_operator: bool, state: State, memberships: &[Membership]) -> Standing {
        Standing { is_operator, state, memberships: memberships.to_vec() }
    }

    #[test]
    fn an_operator_may_everything_and_a_stranger_nothing() {
        for state in State::ALL {
            for action in Action::ALL {
                let operator = standing(true, state, &[]);
                assert_eq!(operator.authority(action, None), Some(Authority::Operator));
                let stranger = standing(false, state, &[]);
                assert_eq!(stranger.authority(action, Some(class(1))), None);
            }
        }
        assert!(!standing(false, State::Active, &[]).is_inside());
    }

    #[test]
    fn several_roles_add_up_and_the_own_one_is_named() {
        let scoped = |number, role| Membership { role, scope: Some(class(number)) };
        let held = [scoped(1, Role::Manager), scoped(2, Role::Staff)];
        let member = standing(true, State::Active, &held);
        assert_eq!(member.authority(Action::Edit, Some(class(1))), Some(Authority::Member(Role::Manager)));
        assert_eq!(member.authority(Action::Scan, Some(class(2))), Some(Authority::Member(Role::Staff)));
        assert_eq!(member.authority(Action::Edit, Some(class(2))), Some(Authority::Operator));
        assert_eq!(standing(false, State::Active, &held).authority(Action::Edit, Some(class(2))), None);
    }

    #[test]
    fn what_nobody_confirmed_shows_nothing_and_what_is_closed_does_nothing() {
        let owner = [Membership { role: Role::Owner, scope: None }];
        for action in Action::ALL {
            let inside = matches!(action, Action::Edit | Action::ManageMembers);
            assert_eq!(standing(false, State::Pending, &owner).authority(action, None).is_some(), inside);
            assert_eq!(standing(false, State::Closed, &owner).authority(action, None), None);
        }
    }
}
