# Completion of varve for fish. Made by 'varve completion fish'.

# The commands, each with the ones before it.
set -g __varve_commands @NAMES@

# Whether the command that was typed so far is this one.
function __varve_at
    set -l path
    set -l skip no
    for word in (commandline -opc)[2..-1]
        if test $skip = yes
            set skip no
        else if contains -- $word -r --repo
            set skip yes
        else if not string match -q -- '-*' $word
            set -l longer (string join ' ' $path $word)
            contains -- $longer $__varve_commands; or break
            set path $longer
        end
    end
    test "$path" = "$argv[1]"
end

# Snapshots, machines or repositories.
function __varve_candidates
    set -l words (commandline -opc)
    set -l repo $VARVE_REPO
    for i in (seq (count $words))
        switch $words[$i]
            case -r --repo
                test $i -lt (count $words); and set repo $words[(math $i + 1)]
            case '--repo=*'
                set repo (string replace -- --repo= '' $words[$i])
        end
    end
    env VARVE_REPO="$repo" $words[1] candidates $argv[1] 2>/dev/null
end

complete -c varve -f
@TABLE@
