//! What a configuration must fulfil beyond each setting being well formed.

use super::{Config, Fault, SANDBOX_APPID, SANDBOX_SECRET};
use infra::secrets::Secret;
use infra::wechat::OFFICIAL_BASE;
use tracing_subscriber::EnvFilter;

impl Config {
    /// Adds to `faults` what keeps this configuration from being run.
    pub(super) fn check(&self, faults: &mut Vec<Fault>) {
        self.check_ranges(faults);
        self.check_addresses(faults);
        for (key, secret) in [("master_key", &self.master_key), ("jwt_secret", &self.jwt_secret)] {
            if secret.as_ref().is_some_and(|text| Secret::parse(text).is_none()) {
                let chinese = "应为 32 个字节的 base64（head -c 32 /dev/urandom | base64）";
                faults.push(Fault::new(key, chinese, "expected 32 bytes in base64"));
            }
        }
        if EnvFilter::try_new(&self.log).is_err() {
            faults.push(Fault::new("log", "日志过滤条件读不懂", "not a filter of tracing, such as info"));
        }
        if self.is_production() {
            self.check_production(faults);
        }
    }

    fn check_ranges(&self, faults: &mut Vec<Fault>) {
        let mut within = |key: &str, is_within: bool, range: &str| {
            if !is_within {
                faults.push(Fault::new(key, format!("应在 {range} 之间"), format!("must be in {range}")));
            }
        };
        within("database_connections_max", (1..=1_000).contains(&self.database_connections_max), "1..1000");
        within("body_bytes_max", (1_024..=64 << 20).contains(&self.body_bytes_max), "1024..67108864");
        within("request_seconds_max", (1..=300).contains(&self.request_seconds_max), "1..300");
        let in_flight = (1..=1_000_000).contains(&self.requests_in_flight_max);
        within("requests_in_flight_max", in_flight, "1..1000000");
        for (key, limit) in [
            ("sign_ins_per_address_per_minute", self.sign_ins_per_address_per_minute),
            ("writes_per_account_per_minute", self.writes_per_account_per_minute),
        ] {
            within(key, (1..=1_000_000).contains(&limit), "1..1000000");
        }
    }

    fn check_addresses(&self, faults: &mut Vec<Fault>) {
        for (key, url) in
            [("database_url", &self.database_url), ("database_read_url", &self.database_read_url)]
        {
            let known = ["sqlite:", "postgres:", "postgresql:"];
            if url.as_ref().is_some_and(|url| !known.iter().any(|scheme| url.starts_with(scheme))) {
                let english = "expected postgres://… or sqlite://…";
                faults.push(Fault::new(key, "应为 postgres://… 或 sqlite://…", english));
            }
        }
        let is_http = |base: &String| base.starts_with("http://") || base.starts_with("https://");
        if self.wechat_api_base.as_ref().is_some_and(|base| !is_http(base)) {
            faults.push(Fault::new("wechat_api_base", "应为 http(s)://…", "expected http(s)://…"));
        }
    }

    /// Refuses what is good enough for a rehearsal only.
    fn check_production(&self, faults: &mut Vec<Fault>) {
        let mut refuse = |key: &str, chinese: &str, english: &str| {
            faults.push(Fault::new(key, format!("正式环境：{chinese}"), format!("in production, {english}")));
        };
        if self.wechat_api_base.as_ref().is_some_and(|base| base.trim_end_matches('/') != OFFICIAL_BASE) {
            refuse("wechat_api_base", "不能用沙箱", "only https://api.weixin.qq.com may be used, no sandbox");
        }
        if self.wechat_appid == SANDBOX_APPID {
            refuse("wechat_appid", "必须设置小程序的 AppID", "the mini-app's id must be given");
        }
        if self.wechat_secret == SANDBOX_SECRET {
            refuse("wechat_secret", "必须设置小程序的 AppSecret", "the mini-app's secret must be given");
        }
        if self.sample_city {
            refuse("sample_city", "不能装入示例城市", "the sample city cannot be loaded");
        }
        for (key, secret) in [("master_key", &self.master_key), ("jwt_secret", &self.jwt_secret)] {
            match secret.as_deref().map(Secret::parse) {
                None => refuse(key, "必须设置", "it must be given"),
                Some(Some(secret)) if is_guessable(&secret) => {
                    refuse(
                        key,
                        "太容易猜到，请用随机的 32 个字节",
                        "it is easily guessed; take 32 random bytes",
                    );
                }
                Some(_) => {}
            }
        }
        if self.master_key.is_some() && self.master_key == self.jwt_secret {
            refuse("jwt_secret", "不能与 master_key 相同", "it must not be the master_key");
        }
    }

    /// What may be run and should still be said.
    pub fn warnings(&self) -> Vec<Fault> {
        let mut warnings = Vec::new();
        if !self.is_production() && !self.listen.ip().is_loopback() {
            warnings.push(Fault::new(
                "listen",
                "演练配置（embedded）可从别处访问：任何人都能以任何身份登录，仅供演练",
                "the embedded profile can be reached from elsewhere: anybody can sign in as anybody; for rehearsals only",
            ));
        }
        warnings
    }
}

/// 32 random bytes have about 30 different ones; fewer than 16 is no accident.
fn is_guessable(secret: &Secret) -> bool {
    let mut seen = [false; 256];
    let different = secret
        .bytes()
        .iter()
        .filter(|byte| seen.get_mut(usize::from(**byte)).is_some_and(|seen| !std::mem::replace(seen, true)));
    different.count() < 16
}
