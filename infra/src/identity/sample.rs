//! The people of the sample city, by the openids with which the stand-in of WeChat lets them in.

use super::{invitation, operator, sign_in};
use crate::audit::Acting;
use crate::error::Result;
use crate::random::Random;
use domain::id::{OrganisationId, PersonId};
use domain::identity::profile::Newcomer;
use domain::identity::{Membership, Role};
use domain::time::Instant;
use sea_orm::DatabaseTransaction;

/// Which organisations the sample people work for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Employers {
    /// `school-staff` manages it.
    pub school: Option<OrganisationId>,
    /// `organiser` owns it.
    pub host: Option<OrganisationId>,
    /// `shop-owner` owns it.
    pub shop: Option<OrganisationId>,
}

/// Who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SamplePeople {
    /// `operator`, an operator of the city.
    pub operator: PersonId,
    /// `school-staff`.
    pub school_staff: PersonId,
    /// `organiser`.
    pub organiser: PersonId,
    /// `shop-owner`.
    pub shop_owner: PersonId,
    /// `resident`.
    pub resident: PersonId,
}

/// Makes the sample people, filled in, with their roles. Once more changes nothing.
pub async fn people(
    transaction: &DatabaseTransaction,
    random: &Random,
    employers: Employers,
    now: Instant,
) -> Result<SamplePeople> {
    let people = SamplePeople {
        operator: person(transaction, random, "operator", now).await?,
        school_staff: person(transaction, random, "school-staff", now).await?,
        organiser: person(transaction, random, "organiser", now).await?,
        shop_owner: person(transaction, random, "shop-owner", now).await?,
        resident: person(transaction, random, "resident", now).await?,
    };
    operator::insert(transaction, random, people.operator, &Acting::at_the_machine(), now).await?;
    for (employer, person, role) in [
        (employers.school, people.school_staff, Role::Manager),
        (employers.host, people.organiser, Role::Owner),
        (employers.shop, people.shop_owner, Role::Owner),
    ] {
        if let Some(employer) = employer {
            let membership = Membership { role, scope: None };
            invitation::join(transaction, random, (employer, person), membership, now).await?;
        }
    }
    Ok(people)
}

async fn person(
    transaction: &DatabaseTransaction,
    random: &Random,
    openid: &str,
    now: Instant,
) -> Result<PersonId> {
    let who = sign_in::Who { openid, unionid: None };
    let row = sign_in::find_or_make(transaction, random, who, Newcomer::FilledIn, now).await?;
    Ok(PersonId(row.id))
}
