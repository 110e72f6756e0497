#!/bin/sh
# In an empty Debian without a network: installs, starts, uses, upgrades with data, and removes.
#   trial.sh OLDER NEWER   folders with the two packages; OLDER may be empty
set -eu
older=$1
newer=$2
data=/var/lib/hotline-center
passphrase=trial-passphrase-2026
password=three-boats-on-the-Qu-2026
web=http://127.0.0.1:8080
filed=lamp-out-at-the-bridge

say() { printf '\n── %s\n' "$1"; }
picture() { import -window root "/trial/$1.png"; }

fail() { # what; with what was to be seen then
    echo "FAILED: $1"
    if [ -n "${DISPLAY:-}" ]; then picture 9-failed; fi
    for log in /tmp/center.log /tmp/desk.log; do
        if [ -f $log ]; then tail -n 20 $log; fi
    done
    exit 1
}

until_true() { # what, then the command; half a minute at most
    what=$1
    shift
    n=0
    until "$@" >/dev/null 2>&1; do
        n=$((n + 1))
        [ "$n" -lt 60 ] || fail "$what"
        sleep 0.5
    done
}

start_center() {
    runuser -u hotline-center -- env HOTLINE_CENTER_DATA=$data hotline-center serve --log json >/tmp/center.log 2>&1 &
    until_true "the center is ready" curl -fsS $web/readyz
}

stop_center() {
    pkill -TERM -x hotline-center
    until_true "the center has stopped" sh -c '! pgrep -x hotline-center'
    if grep -q '"ERROR"' /tmp/center.log; then cat /tmp/center.log; fail "the center's log has errors"; fi
}

window() { xdotool search --onlyvisible --name 12345; }

start_desk() {
    runuser -u clerk -- env HOME=/home/clerk DISPLAY=:99 LANG=C.UTF-8 dbus-run-session -- hotline-desk >/tmp/desk.log 2>&1 &
    until_true "a window is open" window
    # WebKit has painted and given the focus to the first field.
    sleep 4
}

type_in() { xdotool type --delay 15 "$1"; xdotool key Tab; }
n_entries() { hotline-center-admin verify | grep -oE '[0-9]+' | head -n 1; }

sign_in() { # the password
    type_in 3001
    xdotool type --delay 15 "$1"
    xdotool key Return
    sleep 4
}

# What a call-taker writes comes to the center.
register_order() { # a text
    before=$(n_entries)
    # The first steps are shown to whoever is here for the first time.
    xdotool key Escape
    sleep 1
    xdotool key alt+t
    xdotool type --delay 30 "$1"
    sleep 2
    xdotool key ctrl+s
    sleep 1
    xdotool key ctrl+Return
    until_true "the order is at the center" sh -c "[ \$(hotline-center-admin verify | grep -oE '[0-9]+' | head -n 1) -gt $before ]"
    sleep 1
}

stop_desk() {
    pkill -TERM -x hotline-desk
    until_true "the desk has stopped" sh -c '! pgrep -x hotline-desk'
}

say "installing"
first=$newer
if [ -n "$(ls "$older")" ]; then first=$older; fi
dpkg -i "$first"/*.deb
dpkg --verify hotline-desk hotline-center
systemd-analyze verify /usr/lib/systemd/system/hotline-center.service
desktop-file-validate /usr/share/applications/hotline-desk.desktop
[ "$(stat -c %a:%U $data)" = 700:hotline-center ] || fail "the center's folder is private"

say "a center that is used"
start_center
curl -fsS $web/ | grep -q 12345 || fail "citizens have a page"
curl -fsS $web/portal | grep -q '<script' || fail "units have a portal"
first_password=$(hotline-center-admin user add 3001 试用员 --roles 受理员 | sed -n 's/^初始密码：\([^（]*\).*/\1/p')
[ -n "$first_password" ] || fail "there is a first password"
key=$(hotline-center-admin key new 试用网站 --for open311 --channel website | sed -n 1p)
service=$(curl -fsS $web/open311/v2/services.json | grep -oE '"service_code":"[^"]+"' | head -n 1 | cut -d '"' -f 4)
number=$(curl -fsS -X POST $web/open311/v2/requests.json --data-urlencode "api_key=$key" \
    --data-urlencode "service_code=$service" --data-urlencode "description=$filed" \
    --data-urlencode "address_string=渠县三汇镇大桥头" -d phone=13800001234 | grep -oE '"service_request_id":"[^"]+"' | cut -d '"' -f 4)
[ -n "$number" ] || fail "a citizen has filed something"
until_true "a citizen can follow it" sh -c "curl -fsS $web/open311/v2/requests/$number.json | grep -q $number"
hotline-center-admin desk enrol-code | tee /tmp/code
code=$(grep -oE '[0-9A-Z]{4}(-[0-9A-Z]{2,5})+' /tmp/code | head -n 1)
[ -n "$code" ] || fail "there is a code"

say "a desk that is set up with the keyboard and joins it"
useradd --create-home clerk
Xvfb :99 -noreset -screen 0 1366x768x24 >/dev/null 2>&1 &
export DISPLAY=:99
until_true "a display" xdotool getmouselocation
start_desk
picture 1-first-start
type_in "Li Ming"
type_in 1001
type_in $passphrase
type_in $passphrase
xdotool key Tab
type_in 127.0.0.1:8443
xdotool type --delay 15 "$code"
picture 2-filled-in
xdotool key Return
until_true "the desk is enrolled" sh -c 'hotline-center-admin desk list | grep -q ^W0'
sleep 3
picture 3-enrolled
sign_in "$first_password"
type_in "$first_password"
type_in $password
xdotool type --delay 15 $password
xdotool key Return
sleep 4
picture 4-signed-in
register_order "san hui zhen: ting shui san tian"
picture 5-registered
stop_desk
echo '# by the administrator' >>/etc/hotline-center/center.toml
hotline-center-admin desk list >/tmp/desks-before
n_before=$(n_entries)
hotline-center-admin verify
stop_center

if [ "$first" = "$older" ]; then
    say "upgrading"
    dpkg -i --force-confold "$newer"/*.deb
fi

say "everything is there"
tail -n 1 /etc/hotline-center/center.toml | grep -q 'by the administrator' || fail "the configuration was kept"
start_center
hotline-center-admin verify
hotline-center-admin user list | grep -q 3001 || fail "people are there"
hotline-center-admin desk list | cut -f 1 | cmp - "$(cut -f 1 /tmp/desks-before >/tmp/d; echo /tmp/d)" || fail "desks are there"
[ "$(n_entries)" -ge "$n_before" ] || fail "the entries are there"
curl -fsS "$web/open311/v2/requests/$number.json" | grep -q "$number" || fail "a citizen can follow it still"
hotline-center-admin person export 13800001234 --to /tmp/person.jsonl
grep -q $filed /tmp/person.jsonl || fail "what a citizen wrote is there"
start_desk
picture 6-locked
xdotool type --delay 15 $passphrase
xdotool key Return
sleep 5
picture 7-unlocked
sign_in $password
register_order "yi yang de wen ti, geng xin yi hou"
xdotool key ctrl+2
sleep 2
picture 8-orders
stop_desk
stop_center

say "removing"
dpkg -r hotline-desk hotline-center
[ ! -e /usr/bin/hotline-center ] || fail "the program is gone"
[ -e /etc/hotline-center/center.toml ] || fail "the configuration stays until purge"
dpkg -P hotline-desk hotline-center
[ -e $data/center.db ] || fail "the records stay"
[ -e /home/clerk/.local/share ] || fail "the desk's data stay"
say "all of it holds"
