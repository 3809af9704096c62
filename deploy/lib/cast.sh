# cast.sh: who plays: organisations from the register, their functions, an invented roster for each,
# and what the duty officers do. Sourced by deploy/demo.
#
# Uses: $demo, $bin, $top, $seed.

# Category of the register │ function in rsf │ function in rif, reached via the first │ supporting.
cast_functions='
kommun          tib  kommundirektor    -
raddningstjanst rcb  raddningschef     -
region          tib  regiondirektor    -
blaljus         vb   chef              -
trafik          tib  chef              -
forsvar         vb   chef              -
samverkan       tib  -                 -
lansstyrelse    tib  lansoverdirektor  kib,lagesbildsansvarig,rsib
'

# Those who do not simply answer. Each is played by one organisation.
cast_dark=salem        # its agent is switched off at first
cast_killed=taby       # its agent and channel are killed while a slow channel has its message
cast_no=nacka          # the first says nej, the deputy goes
cast_unmandated=vaxholm # nobody on duty has the mandate that the level needs
cast_silent=ekero      # nobody answers, until TiB reaches them over Rakel
cast_later='huddinge solna norrtalje'
cast_away=sigtuna      # dark while an information is sent and recalled

cast_first=(Anna Bo Cecilia David Eva Fredrik Gunilla Hassan Ingrid Johan Karin Lars Maria Nils Olga Per)
cast_last=(Andersson Berg Ceder Dahl Ek Forsberg Gran Holm Isaksson Jansson Karlsson Lind)

# Every organisation of the register: "id category".
cast_orgs() {
    awk -F, 'NR > 1 { print $1, $3 }' "$top/deploy/register/register.csv"
}

# Prints a person. The numbers are those that Swedish fiction may use.
cast_person() { # ID NUMBER LEVEL (or -)
    printf '  - id: %s\n    name: %s %s\n' "$1" "${cast_first[$2 % 16]}" "${cast_last[$2 % 12]}"
    printf '    channels:\n      - kind: sms\n        contact: "070-17406%02d"\n' $((5 + $2 % 95))
    [ "$3" = - ] || printf '    mandates:\n      - level: %s\n' "$3"
}

cast_function() { # FUNCTION PEOPLE DEPUTIES (or -)
    printf '  - function: %s\n    step-ms: %s\n    people: [%s]\n' "$1" "$cast_step_ms" "$2"
    [ "$3" = - ] || printf '    deputies: [%s]\n' "$3"
}

cast_step_ms=7000

# The roster of one organisation: its duty officer, the deputy, the one who decides.
cast_roster() { # ORG CATEGORY NUMBER
    local org=$1 duty director support level=samordnande name
    read -r _ duty director support < <(grep "^$2 " <<<"$cast_functions")
    [ "$org" != "$cast_unmandated" ] || level=-
    echo 'people:'
    cast_person "$org-1" "$3" "$level"
    cast_person "$org-2" $(($3 + 5)) "$level"
    [ "$director" = - ] || cast_person "$org-3" $(($3 + 9)) inriktande
    echo 'functions:'
    cast_function "$duty" "$org-1" "$org-2"
    [ "$director" = - ] || cast_function "$director" "$org-3" -
    [ "$support" = - ] || for name in ${support//,/ }; do cast_function "$name" "$org-2" -; done
}

# What duty officers do who do not answer by chance (deploy/demo-duty/plan.h).
cast_plan() {
    local org
    printf '%s-1 no\n%s-2 yes\n' "$cast_no" "$cast_no"
    printf '%s-1 silent\n%s-2 silent\n' "$cast_silent" "$cast_silent"
    printf '%s-1 slow\n' "$cast_killed"
    for org in $cast_later; do
        printf '%s-1 later\n' "$org"
    done
}

# Files of one organisation under $demo/ORG: agent.yaml, channel.yaml, roster.yaml.
cast_write() { # ORG CATEGORY NUMBER
    local folder=$demo/$1
    mkdir -p -m 0700 "$folder"
    cast_roster "$@" >"$folder/roster.yaml"
    cat >"$folder/agent.yaml" <<EOT
state: $folder/state
runtime: $folder/run
roster: $folder/roster.yaml
EOT
    cat >"$folder/channel.yaml" <<EOT
control: $folder/run/control
command: [$bin/samband-demo-duty, --plan, $demo/plan, --log, $demo/duty.log, --seed, "$seed"]
EOT
}

# The mandates that an organisation declares, from its agent: "function level".
cast_mandates() { # ORG CATEGORY
    local duty director
    read -r _ duty director _ < <(grep "^$2 " <<<"$cast_functions")
    echo "$duty samordnande"
    [ "$director" = - ] || echo "$director inriktande"
}
