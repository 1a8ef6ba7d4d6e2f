" Vim syntax file for the files of rolegate(1). Made by contrib/formats/highlight.py from contrib/formats/files.json.
" Put it into ~/.vim/syntax, and this into ~/.vim/ftdetect/rolegate.vim:
"   au BufRead,BufNewFile *.role,*/rolegate/{rolegate,recorder}.conf,*/rolegate/*.d/*.conf setf rolegate
if exists("b:current_syntax")
  finish
endif
syn iskeyword @,48-57,_,-
syn keyword rolegateKey account act_as alias_definitions all allow allow_unset_loginuid allowed_commands anchor_interval any approval approver_groups approvers arguments assigned_to audit audit_failure audit_steps authenticate blocked_commands capabilities choices choices_from class classes command command_definitions commands common contact content_hash cpu_percent cpu_seconds default deny description detach directory emit enabled end_of_options endpoint endpoints environment environment_variables event_log execute exports extends file file_size filesystem forward function function_definitions functions group handshake_timeout hidden id idle_timeout if_unsupported input inputs interpreter interpreter_hash keep keep_age keep_size key leading_dash learn level limits max_length maximum maximum_copies maximum_files maximum_size memory merge message minimum motd name network on_mismatch open_files options others parameters path paths pattern pipelines position proc processes profile profiles program protect providers read read_only repeat request_size required required_groups role_definitions roles rollback rotate_age rotate_size run_as script seconds secret self_approval service_timeout session_timeout sessions sessions_per_user set show_errors show_if sign_events sign_interval signed_by signing_key startup_functions sync syslog system_calls terminal timeout tmp transaction transcript transcript_input transcripts trusted trusted_keys type under user user_drive users validate validators value values visible_aliases visible_commands visible_external_commands visible_functions visible_providers warning_time write
syn keyword rolegateBoolean true false
syn match rolegateNumber "\<[-+]\=\d\+L\=\>"
syn match rolegateComment "#.*$" contains=@Spell
syn match rolegateComment "//.*$" contains=@Spell
syn region rolegateComment start="/\*" end="\*/" contains=@Spell
syn region rolegateString start=+"+ skip=+\\\\\|\\"+ end=+"+ oneline contains=rolegateEscape
syn match rolegateEscape "\\[\\\"fnrt]\|\\x\x\x" contained
syn match rolegateMark "[={}()\[\],;:]"
hi def link rolegateKey Identifier
hi def link rolegateBoolean Boolean
hi def link rolegateNumber Number
hi def link rolegateComment Comment
hi def link rolegateString String
hi def link rolegateEscape SpecialChar
hi def link rolegateMark Delimiter
let b:current_syntax = "rolegate"
