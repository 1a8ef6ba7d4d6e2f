#!/usr/bin/env python3
"""Syntax highlighting for rolegate's files, from contrib/formats/files.json.

usage: contrib/formats/highlight.py vim | nano | textmate < contrib/formats/files.json
"""
import json
import sys

HEAD = 'Made by contrib/formats/highlight.py from contrib/formats/files.json.'


def vim(keys):
    return f'''" Vim syntax file for the files of rolegate(1). {HEAD}
" Put it into ~/.vim/syntax, and this into ~/.vim/ftdetect/rolegate.vim:
"   au BufRead,BufNewFile *.role,*/rolegate/{{rolegate,recorder}}.conf,*/rolegate/*.d/*.conf setf rolegate
if exists("b:current_syntax")
  finish
endif
syn iskeyword @,48-57,_,-
syn keyword rolegateKey {' '.join(keys)}
syn keyword rolegateBoolean true false
syn match rolegateNumber "\\<[-+]\\=\\d\\+L\\=\\>"
syn match rolegateComment "#.*$" contains=@Spell
syn match rolegateComment "//.*$" contains=@Spell
syn region rolegateComment start="/\\*" end="\\*/" contains=@Spell
syn region rolegateString start=+"+ skip=+\\\\\\\\\\|\\\\"+ end=+"+ oneline contains=rolegateEscape
syn match rolegateEscape "\\\\[\\\\\\"fnrt]\\|\\\\x\\x\\x" contained
syn match rolegateMark "[={{}}()\\[\\],;:]"
hi def link rolegateKey Identifier
hi def link rolegateBoolean Boolean
hi def link rolegateNumber Number
hi def link rolegateComment Comment
hi def link rolegateString String
hi def link rolegateEscape SpecialChar
hi def link rolegateMark Delimiter
let b:current_syntax = "rolegate"
'''


def nano(keys):
    return f'''## Syntax highlighting of the files of rolegate(1). {HEAD}
## In ~/.nanorc: include "/path/to/rolegate.nanorc"
syntax "rolegate" "\\.role$" "rolegate/(rolegate|recorder)\\.conf$" "rolegate/[a-z]+\\.d/[^/]+\\.conf$"
comment "#"
color brightblue "\\<({'|'.join(keys)})\\>[[:blank:]]*[=:]"
color magenta "\\<(true|false)\\>"
color magenta "\\<[-+]?[0-9]+L?\\>"
color green "\\"(\\\\.|[^\\"\\\\])*\\""
color cyan "(#|//).*$"
color cyan start="/\\*" end="\\*/"
'''


def textmate(keys):
    grammar = {
        'information_for_contributors': [HEAD],
        'name': 'rolegate',
        'scopeName': 'source.rolegate',
        'fileTypes': ['role'],
        'patterns': [
            {'name': 'comment.line.number-sign.rolegate', 'match': '#.*$'},
            {'name': 'comment.line.double-slash.rolegate', 'match': '//.*$'},
            {'name': 'comment.block.rolegate', 'begin': '/\\*', 'end': '\\*/'},
            {'name': 'string.quoted.double.rolegate', 'begin': '"', 'end': '"|$', 'patterns': [
                {'name': 'constant.character.escape.rolegate',
                 'match': '\\\\(?:[\\\\"fnrt]|x[0-9A-Fa-f]{2})'}]},
            {'name': 'variable.other.property.rolegate',
             'match': '\\b(?:' + '|'.join(keys) + ')\\b(?=\\s*[=:])'},
            {'name': 'invalid.illegal.key.rolegate',
             'match': '\\b[A-Za-z*][A-Za-z0-9_*-]*(?=\\s*[=:])'},
            {'name': 'constant.language.boolean.rolegate', 'match': '\\b(?:true|false)\\b'},
            {'name': 'constant.numeric.rolegate', 'match': '[-+]?\\b[0-9]+L?\\b'},
        ]}
    return json.dumps(grammar, indent=1) + '\n'


def main():
    groups = json.load(sys.stdin)['groups']
    keys = sorted({key for group in groups.values() for key in group})
    sys.stdout.write({'vim': vim, 'nano': nano, 'textmate': textmate}[sys.argv[1]](keys))
    return 0


if __name__ == '__main__':
    sys.exit(main())
