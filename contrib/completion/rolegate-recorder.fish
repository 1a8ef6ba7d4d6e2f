# fish completion for rolegate-recorder(8)

complete -c rolegate-recorder -f
complete -c rolegate-recorder -s f -l foreground -d 'Stay in the foreground'
complete -c rolegate-recorder -s c -l config -x -a '(__fish_complete_directories)' -d 'Another directory of the configuration'
complete -c rolegate-recorder -l help -d 'Show usage'
complete -c rolegate-recorder -l version -d 'Show the version'
