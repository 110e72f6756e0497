//! Requests of browsers and of citizens' programs at the center's web door, a person of a unit signed in.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, header};
use center_server::account::TriedAt;
use center_server::api_key::{self, ApiKey, KeyUse};
use center_server::authority::Authority;
use center_server::sharing::token::{self, ShareToken};
use center_server::{Clock, Config, Core, web_door};
use chrono::{DateTime, Days, Utc};
use domain::data_sharing::ShareScope;
use domain::matter::Channel;
use domain::{Actor, ActorId, HandlingUnitId, Role};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;
use wire::{ChangePassword, Reference, StaffMember};

use super::{Taken, Target};

/// 2026-11-23 09:15 in Beijing.
const NOW_MS: i64 = 1_795_396_500_000;
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const PERSON: &str = "2001";
/// A page is not longer.
const ANSWER_MAX_BYTES: usize = 8 << 20;

struct Standing;

impl Clock for Standing {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(NOW_MS).unwrap_or_default()
    }
}

/// A line with the method and the path, a line with the kind of the body, the body.
pub(super) struct Requests {
    runtime: Runtime,
    core: Option<Core>,
    router: Router,
    cookie: String,
    token: String,
    key: String,
    shared: String,
    _folder: TempDir,
}

impl Requests {
    pub(super) fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        Authority::create(folder.path())?;
        let runtime = Runtime::new()?;
        let clock: Arc<dyn Clock> = Arc::new(Standing);
        let mut config = Config::of(folder.path().to_owned());
        // The clock stands still: nobody gets a share back.
        config.public.data_reads_per_minute = u32::MAX;
        let core = runtime.block_on(Core::open(config, Arc::clone(&clock)))?;
        let mut requests = Self {
            router: web_door::router(Arc::clone(&core.office))?,
            core: None,
            cookie: String::new(),
            token: String::new(),
            key: String::new(),
            shared: String::new(),
            runtime,
            _folder: folder,
        };
        requests.let_in(&core, &clock)?;
        requests.core = Some(core);
        Ok(requests)
    }

    /// A person of a unit, whose first password is changed, and a citizen's program.
    fn let_in(&mut self, core: &Core, clock: &Arc<dyn Clock>) -> Result<()> {
        let office = &core.office;
        let id = ActorId(PERSON.to_owned());
        let staff = Reference::Staff(vec![StaffMember {
            actor: Actor {
                id: id.clone(),
                name: "张强".to_owned(),
                roles: vec![Role::Liaison, Role::UnitReviewer],
                unit: Some(HandlingUnitId("unit-water-affairs".to_owned())),
            },
            is_disabled: false,
            former_roles: Vec::new(),
        }]);
        let session = self.runtime.block_on(async {
            let changing = office.writer.change_reference(staff, Arc::clone(clock));
            changing
                .map_err(|error| anyhow!("{error:?}"))?
                .done()
                .await?;
            let first = center_server::account::temporary_password()?;
            office.reset_password(&id, first.clone()).await?;
            let change = ChangePassword {
                person: PERSON.to_owned(),
                old: first,
                new: "渠江边的老码头很热闹早上六点".to_owned(),
            };
            let changed = office
                .change_password(change, HERE, TriedAt::Portal)
                .await?;
            changed.map_err(|refusal| anyhow!("{refusal:?}"))?;
            let key = ApiKey {
                name: "市民通".to_owned(),
                usage: KeyUse::Open311 {
                    channel: Channel::App,
                },
                made_at: clock.now(),
                is_revoked: false,
            };
            self.key = api_key::text_of([7; api_key::KEY_BYTES]);
            let share = ShareToken {
                name: "县水务局系统".to_owned(),
                role: Role::Liaison,
                scope: ShareScope::All,
                expires_on: clock.now().date_naive() + Days::new(30),
                made_at: clock.now(),
                is_revoked: false,
            };
            self.shared = token::text_of([8; api_key::KEY_BYTES]);
            let rows = vec![
                api_key::row(&self.key, &key)?,
                token::row(&self.shared, &share)?,
            ];
            let _written = office.write(rows).await?;
            office.begin_session(&id).await
        })?;
        self.cookie = format!("hotline_portal={}", session.text());
        let me = self.ask("POST", "/portal/call/who_am_i", "application/json", b"null");
        let (_, body) = me.context("Asking who is in")?;
        let me: Value = serde_json::from_slice(&body)?;
        let token = me.pointer("/value/token").and_then(Value::as_str);
        token
            .context("The page was told nothing")?
            .clone_into(&mut self.token);
        Ok(())
    }

    /// The status and the body; none where it is no request at all.
    fn ask(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Option<(u16, Vec<u8>)> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "center.test")
            .header(header::ORIGIN, "https://center.test")
            .header(header::COOKIE, &self.cookie)
            .header("x-portal-token", &self.token)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.shared))
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body.to_vec()))
            .ok()?;
        let router = self.router.clone();
        self.runtime.block_on(async {
            let response: Response<Body> = match router.oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            let status = response.status().as_u16();
            let body = to_bytes(response.into_body(), ANSWER_MAX_BYTES)
                .await
                .ok()?;
            Some((status, body.to_vec()))
        })
    }

    fn head(&self) -> u64 {
        self.core
            .as_ref()
            .map_or(0, |core| *core.office.head().borrow())
    }
}

impl Target for Requests {
    fn name(&self) -> &'static str {
        "http"
    }

    fn share(&self) -> u64 {
        8
    }

    fn seeds(&self) -> Result<Vec<Vec<u8>>> {
        const FORM: &str = "application/x-www-form-urlencoded";
        const JSON: &str = "application/json";
        let file = format!(
            "service_code=c-001&description=%E8%B7%AF%E7%81%AF&address_id=7&api_key={}",
            self.key
        );
        let act = json!({ "id": "x", "act_id": "a1", "version": 1, "act": { "type": "sign_for" } });
        let list = json!({ "queue": "to_sign_for", "search": "", "after": null, "limit": 50 });
        let seeds = [
            ("GET /", "", String::new()),
            ("GET /?q=%E5%81%9C%E6%B0%B4", "", String::new()),
            ("GET /article/kb-1", "", String::new()),
            (
                "POST /follow",
                FORM,
                "number=20261123-W01-0001&code=1234+5678".to_owned(),
            ),
            ("GET /open311/discovery.json", "", String::new()),
            ("GET /open311/v2/services.xml", "", String::new()),
            (
                "GET /open311/v2/requests.json?status=open&page_size=2",
                "",
                String::new(),
            ),
            (
                "GET /open311/v2/requests/20261123-Z00-0001.xml",
                "",
                String::new(),
            ),
            ("GET /open311/v2/tokens/x.json", "", String::new()),
            ("POST /open311/v2/requests.json", FORM, file),
            (
                "GET /data/v1/orders?from=2026-11-01&unit=x,y&state=open&limit=2&cursor=3861",
                "",
                String::new(),
            ),
            ("GET /data/v1/orders/x", "", String::new()),
            ("GET /data/v1/statistics?by=unit", "", String::new()),
            ("GET /data/v1/answers?limit=2", "", String::new()),
            (
                "POST /upstream/v1/orders",
                JSON,
                "{\"orders\":[]}".to_owned(),
            ),
            ("POST /portal/call/overview", JSON, "null".to_owned()),
            ("POST /portal/call/work_orders", JSON, list.to_string()),
            (
                "POST /portal/call/work_order",
                JSON,
                "{\"id\":\"x\"}".to_owned(),
            ),
            ("POST /portal/call/handle_order", JSON, act.to_string()),
            (
                "POST /portal/call/statistics",
                JSON,
                "{\"month\":\"2026-11\"}".to_owned(),
            ),
            ("POST /portal/call/unit_rounds", JSON, "null".to_owned()),
            (
                "POST /portal/call/unit_round",
                JSON,
                "{\"number\":\"x\",\"period\":\"2026-10\"}".to_owned(),
            ),
            (
                "POST /portal/call/kb_record",
                JSON,
                "{\"id\":\"x\"}".to_owned(),
            ),
            (
                "POST /portal/evidence/x?name=a.pdf",
                "",
                "%PDF-1".to_owned(),
            ),
        ];
        let seeds = seeds.map(|(line, kind, body)| format!("{line}\n{kind}\n{body}").into_bytes());
        Ok(seeds.to_vec())
    }

    /// A refusal leaves the feed as it is, and nothing is answered by a mistake of ours.
    fn take(&mut self, input: &[u8]) -> Taken {
        let mut lines = input.splitn(3, |byte| *byte == b'\n');
        let mut line = || String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
        let (first, kind) = (line(), line());
        let body = lines.next().unwrap_or_default();
        let (method, path) = first.split_once(' ').unwrap_or(("GET", &first));
        let before = self.head();
        let Some((status, _)) = self.ask(method, path, &kind, body) else {
            return Taken::Refused;
        };
        if status >= 500 {
            return Taken::Wrong(format!("answered with {status}"));
        }
        if status >= 400 && self.head() != before {
            return Taken::Wrong("refused, and the feed is longer".to_owned());
        }
        Taken::if_some(status < 400)
    }

    fn end(&mut self) -> Result<(), String> {
        let Some(core) = self.core.take() else {
            return Ok(());
        };
        let closed = self.runtime.block_on(core.close());
        closed.map_err(|error| format!("{error:#}"))
    }
}
