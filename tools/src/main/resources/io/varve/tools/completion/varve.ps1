# Completion of varve for PowerShell. Made by 'varve completion powershell'.

# What can be typed after a command, by its words. A value is file, directory,
# repository, snapshot, machine, text, or words with commas between them.
$script:VarveWords = @{
@TABLE@
}

Register-ArgumentCompleter -Native -CommandName 'varve', 'varve.bat' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $typed = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { $_.ToString() })
    $path = ''
    $option = $null
    $repo = $env:VARVE_REPO
    foreach ($word in ($typed | Select-Object -Skip 1)) {
        $here = $script:VarveWords[$path]
        if ($option) {
            if ($option[0] -in '-r', '--repo') { $repo = $word }
            $option = $null
        } elseif ($word.StartsWith('-')) {
            $option = $here.Options | Where-Object { $_[0] -ceq $word -and $_[1] } | Select-Object -First 1
        } elseif ($here.Subcommands | Where-Object { $_[0] -ceq $word }) {
            $path = "$path $word".Trim()
        }
    }
    $here = $script:VarveWords[$path]
    $result = [System.Management.Automation.CompletionResult]
    $offer = { param($text, $tip)
        if ($text -like "$wordToComplete*") { $result::new($text, $text, 'ParameterValue', $(if ($tip) { $tip } else { $text })) } }
    if (-not $option -and $wordToComplete.StartsWith('-')) {
        $here.Options | ForEach-Object { & $offer $_[0] $_[2] }
        return
    }
    if (-not $option -and $here.Subcommands) {
        $here.Subcommands | ForEach-Object { & $offer $_[0] $_[1] }
        return
    }
    $kind = if ($option) { $option[1] } else { $here.Argument }
    switch ($kind) {
        'text' { }
        'file' { }
        'directory' { }
        { $_ -in 'snapshot', 'machine', 'repository' } {
            $what = @{ snapshot = 'snapshots'; machine = 'machines'; repository = 'repositories' }[$_]
            $arguments = @('candidates', $what)
            if ($repo -and $what -ne 'repositories') { $arguments += @('-r', $repo) }
            & $typed[0] @arguments 2>$null | ForEach-Object { & $offer $_ }
        }
        default { $kind -split ',' | ForEach-Object { & $offer $_ } }
    }
}
