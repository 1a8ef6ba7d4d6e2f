# fish completion for rolegate-output(1)

complete -c rolegate-output -f
complete -c rolegate-output -n __fish_is_first_arg -a success -d 'Done'
complete -c rolegate-output -n __fish_is_first_arg -a warning -d 'Done, but'
complete -c rolegate-output -n __fish_is_first_arg -a error -d 'Not done'
complete -c rolegate-output -n __fish_is_first_arg -a invalid -d 'Not done, because of an input'
complete -c rolegate-output -n __fish_is_first_arg -l help -d 'Show usage'
complete -c rolegate-output -n __fish_is_first_arg -l version -d 'Show the version'
