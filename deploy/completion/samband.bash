# samband.bash: completion of `samband` in bash. What there is to complete is asked of the program's own
# help, so that it follows the table of verbs.

_samband()
{
    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
    local verb='' second='' i
    COMPREPLY=()

    case $previous in
    --file | --profile)
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    --yes | --realm)
        mapfile -t COMPREPLY < <(compgen -W 'SKARPT ÖVNING PROV' -- "$word")
        return
        ;;
    esac

    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        --connect | --profile | --yes) ((i++)) ;;
        -*) ;;
        *)
            if [[ -z $verb ]]; then
                verb=${COMP_WORDS[i]}
            elif [[ -z $second ]]; then
                second=${COMP_WORDS[i]}
            fi
            ;;
        esac
    done

    if [[ $word == -* ]]; then
        local asked=$verb
        if samband help "$verb" "$second" > /dev/null 2>&1; then
            asked="$verb $second"
        fi
        # shellcheck disable=SC2086 # a verb may be two words
        mapfile -t COMPREPLY < <(compgen -W "$(samband help $asked 2> /dev/null |
            sed -n 's/^  \(--[a-z-]*\).*/\1/p')" -- "$word")
        return
    fi

    # Verbs stand in the help with two blanks before, and at least two after.
    local verbs
    verbs=$(samband --help 2> /dev/null | sed -n 's/^  \([a-z]\+\( [a-z]\+\)\?\)  .*/\1/p')
    if [[ -z $verb || $verb == help ]]; then
        mapfile -t COMPREPLY < <(compgen -W "${verbs//$'\n'/ }" -- "$word")
    elif [[ -z $second ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(sed -n "s/^$verb \(.*\)/\1/p" <<< "$verbs")" -- "$word")
    fi
    case "$verb $second" in
    'verify '* | 'org load' | 'forum load')
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word")
        ;;
    esac
}

complete -F _samband samband
