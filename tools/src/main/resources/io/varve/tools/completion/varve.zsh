#compdef varve
# Completion of varve for zsh. Made by 'varve completion zsh'.

# What can be typed after a command, by its words. A value is file, directory,
# repository, snapshot, machine, text, or words with commas between them.
_varve_words() {
    case $1 in
@TABLE@
    esac
}

_varve_candidates() {
    local -a found
    found=(${(f)"$(VARVE_REPO=$repo ${words[1]} candidates $1 2>/dev/null)"})
    compadd -a found
}

_varve() {
    local command option word kind repo=${VARVE_REPO-} argument i
    local -a subcommands options
    local -A kinds
    _varve_words ''
    for ((i = 2; i < CURRENT; i++)); do
        word=${words[i]}
        if [[ -n $option ]]; then
            [[ $option == (-r|--repo) ]] && repo=$word
            option=
        elif [[ $word == -* ]]; then
            [[ -n ${kinds[$word]} ]] && option=$word
            [[ $word == --repo=* ]] && repo=${word#--repo=}
        elif (( ${subcommands[(I)$word:*]} )); then
            command="$command${command:+ }$word"
            _varve_words $command
        fi
    done
    if [[ -z $option && ${words[CURRENT]} == --*=* ]]; then
        option=${words[CURRENT]%%=*}
        compset -P '*='
    fi
    if [[ -n $option ]]; then
        kind=${kinds[$option]}
    elif [[ ${words[CURRENT]} == -* ]]; then
        _describe -o option options
        return
    elif (( $#subcommands )); then
        _describe command subcommands
        return
    else
        kind=$argument
    fi
    case $kind in
        text|'') ;;
        file) compset -P '*='; _files ;;
        directory) _files -/ ;;
        snapshot) _varve_candidates snapshots ;;
        machine) _varve_candidates machines ;;
        repository)
            if [[ ${words[CURRENT]} == *@* ]]; then _varve_candidates repositories; else _files -/; fi
            ;;
        *) compadd -- ${(s:,:)kind} ;;
    esac
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _varve "$@"
else
    compdef _varve varve
fi
