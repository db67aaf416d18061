# Completion of varve for bash. Made by 'varve completion bash'.

# What can be typed after a command, by its words. A value is file, directory,
# repository, snapshot, machine, text, or words with commas between them.
_varve_words() {
    case $1 in
@TABLE@
    esac
}

# Offers some words. The shell has its own idea of where the last word begins:
# what is before that must not be offered again.
_varve_offer() {
    local IFS=$'\n' before=${cur%"${cur##*[=:@]}"} words word
    words=($(compgen -W "$(printf '%q\n' "$@")" -- "$value"))
    for word in "${words[@]}"; do
        word=$lead$word
        COMPREPLY+=("${word#"$before"}")
    done
}

_varve_files() {
    local IFS=$'\n'
    compopt -o filenames 2>/dev/null
    value=${value##*=}
    COMPREPLY+=($(compgen "$1" -- "$value"))
}

_varve_candidates() {
    local IFS=$'\n'
    # shellcheck disable=SC2046
    _varve_offer $(VARVE_REPO=$repo "${COMP_WORDS[0]}" candidates "$1" 2>/dev/null)
}

_varve() {
    local line=${COMP_LINE:0:COMP_POINT} cur='' value lead='' command='' option='' kind repo=${VARVE_REPO-} i word
    local subcommands='' flags='' valued='' argument=''
    local -a words=()
    COMPREPLY=()
    read -r -a words <<<"$line"
    case $line in
        *[[:space:]]) ;;
        *) cur=${words[${#words[@]} - 1]} && unset "words[${#words[@]} - 1]" ;;
    esac
    _varve_words ''
    for ((i = 1; i < ${#words[@]}; i++)); do
        word=${words[i]}
        if [[ -n $option ]]; then
            case $option in -r | --repo) repo=$word ;; esac
            option=''
        elif [[ $word == -* ]]; then
            case " $valued" in *" $word="*) option=$word ;; esac
            case $word in --repo=*) repo=${word#--repo=} ;; esac
        elif [[ " $subcommands " == *" $word "* ]]; then
            command="$command${command:+ }$word"
            _varve_words "$command"
        fi
    done
    value=$cur
    if [[ -z $option && $cur == --*=* ]]; then
        option=${cur%%=*}
        lead=$option=
        value=${cur#*=}
    fi
    if [[ -n $option ]]; then
        kind=" $valued"
        kind=${kind#*" $option="}
        kind=${kind%% *}
    elif [[ $cur == -* ]]; then
        # shellcheck disable=SC2086
        _varve_offer $flags $(printf '%s\n' $valued | sed 's/=.*//')
        return
    elif [[ -n $subcommands ]]; then
        # shellcheck disable=SC2086
        _varve_offer $subcommands
        return
    else
        kind=$argument
    fi
    case $kind in
        text | '') ;;
        file) _varve_files -f ;;
        directory) _varve_files -d ;;
        snapshot) _varve_candidates snapshots ;;
        machine) _varve_candidates machines ;;
        repository)
            if [[ $value == @* ]]; then _varve_candidates repositories; else _varve_files -d; fi
            ;;
        *)
            local -a listed
            IFS=, read -r -a listed <<<"$kind"
            _varve_offer "${listed[@]}"
            ;;
    esac
}

complete -F _varve varve
