//! The try page in a real browser: a newcomer walks the whole story by hand, as `GET /` invites them to.
//!
//! Nothing here knows the server but by its address: the classes and people are the sample city's.

#![expect(clippy::expect_used, reason = "what fails here fails the test")]

use crate::browser::Browser;

/// What the story is about: a class that the sample school can give a seat in now.
struct Class {
    id: String,
    title: String,
    /// `lat,lng` in GCJ-02, as the API gives positions when not asked otherwise.
    point: String,
}

/// A newcomer signs in as `resident`, finds a class near a point, enrols, sees the pass, reads the page in English, signs
/// out; then signs in as `school-staff` and finds that resident on the roster.
pub async fn story(base_url: &str) {
    let browser = Browser::start().await;
    browser.open(base_url).await;
    assert_eq!(browser.attribute("html", "lang").await, "zh-CN");
    let class = class_with_a_seat(&browser).await;

    sign_in(&browser, "resident").await;
    find_near(&browser, &class).await;
    let booking = enrol(&browser, &class).await;
    pass_changes_and_is_the_servers(&browser, &booking).await;
    in_english(&browser).await;
    sign_out(&browser).await;

    sign_in(&browser, "school-staff").await;
    on_the_roster(&browser, &class, &booking).await;
    sign_out(&browser).await;
    browser.close().await;
}

/// The page's codes are those of RFC 6238, appendix B, for each of its three hash functions.
pub async fn codes_follow_rfc_6238(base_url: &str) {
    let browser = Browser::start().await;
    browser.open(base_url).await;
    let codes = browser
        .run(
            "const { totp } = await import('/page/totp.js');
             const ascii = '12345678901234567890123456789012345678901234567890123456789012345678901234567890';
             const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
             const base32 = (text) => [...text].map((c) => c.charCodeAt(0).toString(2).padStart(8, '0')).join('')
               .match(/.{1,5}/g).map((bits) => alphabet[parseInt(bits.padEnd(5, '0'), 2)]).join('');
             const codes = [];
             for (const seconds of [59, 1111111109, 20000000000])
               for (const [algorithm, bytes] of [['SHA1', 20], ['SHA256', 32], ['SHA512', 64]])
                 codes.push(await totp({ secret: base32(ascii.slice(0, bytes)), algorithm, digits: 8, periodSeconds: 30 }, seconds * 1000));
             return codes;",
        )
        .await;
    let published = [
        "94287082", "46119246", "90693936", "07081804", "68084774", "25091201", "65353130", "77737706",
        "47863826",
    ];
    assert_eq!(codes, serde_json::json!(published));
    browser.close().await;
}

async fn sign_in(browser: &Browser, who: &str) {
    browser.click(&format!("[data-testid='sign-in-{who}']")).await;
    browser.find(&format!("[data-testid='signed-in-as'][data-as='{who}']")).await;
}

async fn sign_out(browser: &Browser) {
    browser.click("[data-testid='sign-out']").await;
    browser.find("[data-testid='sign-in-resident']").await;
    let kept = browser.run("return sessionStorage.getItem('cq.tokens')").await;
    assert!(kept.is_null(), "signed out, and a token is still here");
}

/// Asks the staff's own list, so that the story does not depend on how the sample city was moved in time.
async fn class_with_a_seat(browser: &Browser) -> Class {
    sign_in(browser, "school-staff").await;
    browser.click("[data-testid='tab-staff']").await;
    let card = "[data-testid='staff-class'][data-phase='open'][data-admission='first_come'][data-point]";
    let class = Class {
        id: browser.attribute(card, "data-id").await,
        title: browser.attribute(card, "data-title").await,
        point: browser.attribute(card, "data-point").await,
    };
    sign_out(browser).await;
    class
}

async fn find_near(browser: &Browser, class: &Class) {
    browser.click("[data-testid='find-class']").await;
    browser.click("[data-testid='near-typed']").await;
    browser.type_into("[data-testid='near-point']", &class.point).await;
    browser.click("[data-testid='near-go']").await;
    browser.click("[data-testid='minutes-15']").await;
    browser.click("[data-testid='show-available']").await;
    browser.type_into("[data-testid='filter-q']", &class.title).await;

    let settled = "[data-testid='class-list'][aria-busy='false']";
    let card = format!("{settled} [data-testid='class-card'][data-id='{}']", class.id);
    let minutes = browser.attribute(&format!("{card} [data-testid='card-minutes']"), "data-minutes").await;
    let minutes: f64 = minutes.parse().expect("minutes are a number");
    assert!((0.0..=15.0).contains(&minutes), "{minutes} minutes from its own door");
    let cards = browser.count(&format!("{settled} [data-testid='class-card']")).await;
    let with_minutes = browser.count(&format!("{settled} [data-testid='card-minutes']")).await;
    assert_eq!(cards, with_minutes, "every class of a list near a point says how far it is");
    browser.click(&card).await;
}

/// Returns the booking's id.
async fn enrol(browser: &Browser, class: &Class) -> String {
    browser.find(&format!("[data-testid='class-title'][data-id='{}']", class.id)).await;
    browser.click("[data-testid='enrol']").await;
    let booking = format!("[data-testid='booking'][data-subject='{}'][data-state='confirmed']", class.id);
    browser.attribute(&booking, "data-id").await
}

/// The QR code is drawn, its text has the form of a pass, and the server's own code of the moment is one the page would show.
async fn pass_changes_and_is_the_servers(browser: &Browser, booking: &str) {
    browser.click("[data-testid='show-pass']").await;
    let drawn = browser.attribute("[data-testid='pass-qr'] path", "d").await;
    assert!(drawn.matches('M').count() > 200, "a QR code of this length has more dark modules");
    let code = browser.text("[data-testid='pass-code']").await;
    assert!(is_pass_code(&code), "{code}");
    assert!(code.contains(booking.trim_start_matches("bkg_")), "{code} is not the pass of {booking}");

    let agreed = browser
        .run(
            "const { totp } = await import('/page/totp.js');
             const shown = document.querySelector('[data-testid=pass-code]').textContent;
             const { accessToken } = JSON.parse(sessionStorage.getItem('cq.tokens'));
             const answer = await fetch('/api/v1/me/passes', { headers: { Authorization: `Bearer ${accessToken}` } });
             const pass = (await answer.json()).items.find(({ prefix }) => shown.startsWith(prefix));
             const near = await Promise.all([-30, 0, 30].map((seconds) => totp(pass, Date.parse(pass.serverNow) + seconds * 1000)));
             const codes = near.map((digits) => pass.prefix + digits);
             const given = pass.code.startsWith(pass.prefix) ? pass.code : pass.prefix + pass.code;
             return { shown: codes.includes(shown), given: given === codes[1] };",
        )
        .await;
    assert_eq!(agreed, serde_json::json!({ "shown": true, "given": true }));
}

/// `CQ1.<booking>.<8 digits>`.
fn is_pass_code(code: &str) -> bool {
    let parts: Vec<&str> = code.split('.').collect();
    let [kind, booking, digits] = parts.as_slice() else { return false };
    *kind == "CQ1"
        && !booking.is_empty()
        && digits.len() == 8
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

async fn in_english(browser: &Browser) {
    assert_eq!(browser.text("[data-testid='tab-bookings']").await, "我的课");
    browser.click("[data-testid='lang-toggle']").await;
    browser.find("html[lang='en']").await;
    assert_eq!(browser.text("[data-testid='tab-bookings']").await, "Mine");
    assert!(browser.text("main h1").await.contains("Passes"));
    browser.find("[data-testid='pass-qr'] path").await;
}

async fn on_the_roster(browser: &Browser, class: &Class, booking: &str) {
    browser.click("[data-testid='tab-staff']").await;
    browser
        .click(&format!("[data-testid='staff-class'][data-id='{}'] [data-testid='open-roster']", class.id))
        .await;
    browser.find("[data-testid='roster']").await;
    browser.find(&format!("[data-testid='roster-row'][data-id='{booking}']")).await;
}

tests::both! {
    async fn a_newcomer_walks_the_story(city: City) {
        crate::night_school::fixture::load_sample(&city).await;
        story(&city.process.url).await;
    }

    async fn a_phone_and_the_server_agree_on_codes(city: City) {
        crate::night_school::fixture::load_sample(&city).await;
        codes_follow_rfc_6238(&city.process.url).await;
    }
}
