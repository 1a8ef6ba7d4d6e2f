#!/usr/bin/env python3
"""The keys of rolegate's files as JSON: from the tables that read them, and the man pages.

usage: contrib/formats/describe.py [SOURCE-DIRECTORY] > contrib/formats/files.json

Types, what must be there and bounds come from the tables in FOLDERS; what a key means is the
first sentence about it in its man page. A key that a table has and no page explains is an error.
"""
import json
import os
import re
import sys

TYPES = {'STRING': 'string', 'BOOLEAN': 'boolean', 'NUMBER': 'integer', 'STRINGS': 'strings',
         'LIST': 'list', 'GROUP': 'group', 'ANY': 'any'}

# Group: its table (file, name, the how-manieth of that name), pages and sections that explain
# it, and what its lists and groups hold. "" is a page's DESCRIPTION.
GROUPS = {
    'gateway': (('endpoints', 'main_keys', 0), [('rolegate.conf.5', '')],
                {'endpoints': 'endpoint', 'validators': 'validator', 'trusted': 'trust entry',
                 'trusted_keys': 'trusted key'}),
    'endpoint': (('endpoints', 'endpoint_keys', 0), [('rolegate.conf.5', '')],
                 {'role_definitions': 'role definition', 'act_as': 'act_as entry',
                  'required_groups': 'group rule', 'user_drive': 'user drive'}),
    'user drive': (('drive', 'drive_keys', 0), [('rolegate.conf.5', 'User drives')], {}),
    'group rule': (('endpoints', 'keys', 0), [], {'all': 'group rule', 'any': 'group rule'}),
    'role definition': (('endpoints', 'definition_keys', 0), [], {}),
    'act_as entry': (('act_as', 'act_as_keys', 0), [], {}),
    'validator': (('validators', 'validator_keys', 0), [], {}),
    'trust entry': (('trusted', 'entry_keys', 0), [('rolegate-trust.5', '')], {}),
    'trusted key': (('trusted', 'keys', 1), [], {}),
    'commands file': (('commands', 'keys', 0), [], {'commands': 'command'}),
    'command': (('commands', 'command_keys', 0), [('rolegate-commands.5', 'Commands')],
                {'parameters': 'parameter', 'environment': 'variable'}),
    'parameter': (('parameters', 'parameter_keys', 0),
                  [('rolegate-commands.5', 'Parameters'), ('rolegate-functions.5', 'Inputs')],
                  {'show_if': 'condition'}),
    'condition': (('inputs', 'show_if_keys', 0), [], {}),
    'variable': (('variables', 'variable_keys', 0), [], {}),
    'role': (('roles', 'role_keys', 0), [('rolegate-roles.5', '')],
             {'assigned_to': 'assignment', 'command_definitions': 'command',
              'function_definitions': 'function', 'visible_commands': 'grant',
              'visible_functions': 'grant', 'alias_definitions': 'alias',
              'environment_variables': 'variable'}),
    'assignment': (('assignments', 'assignment_keys', 0), [], {}),
    'grant': (('grants', 'grant_keys', 0), [], {'parameters': 'constraint'}),
    'constraint': (('grants', 'constraint_keys', 0), [], {}),
    'alias': (('roles', 'alias_keys', 0), [], {}),
    'functions file': (('functions', 'keys', 0), [],
                       {'functions': 'function', 'validators': 'validator'}),
    'function': (('functions', 'function_keys', 0), [('rolegate-functions.5', '')],
                 {'inputs': 'parameter', 'environment': 'variable', 'transaction': 'transaction'}),
    'transaction': (('functions', 'transaction_keys', 0), [], {}),
    'providers file': (('providers', 'keys', 0), [], {'providers': 'provider'}),
    'provider': (('providers', 'provider_keys', 0), [], {}),
    'profiles file': (('profile_read', 'keys', 0), [], {'profiles': 'profile'}),
    'profile': (('profile_read', 'profile_keys', 0), [('rolegate-profiles.5', 'Keys')],
                {'filesystem': 'files', 'system_calls': 'system calls', 'limits': 'limits'}),
    'files': (('profile_files', 'filesystem_keys', 0), [('rolegate-profiles.5', 'Files')], {}),
    'system calls': (('profile_calls', 'call_keys', 0), [], {}),
    'limits': (('profile_limits', 'limits', 0), [('rolegate-profiles.5', 'Limits')], {}),
    'trust file': (('trusted', 'keys', 0), [], {'trusted': 'trust entry'}),
    'recorder': (('settings', 'keys', 2), [('rolegate-recorder.conf.5', '')],
                 {'transcripts': 'kept transcripts', 'forward': 'syslog socket'}),
    'kept transcripts': (('settings', 'keys', 1), [], {}),
    'syslog socket': (('settings', 'keys', 0), [], {}),
}

FILES = {'rolegate.conf': 'gateway', 'commands.d/*.conf': 'commands file',
         'roles.d/*.role': 'role', 'functions.d/*.conf': 'functions file',
         'providers.d/*.conf': 'providers file', 'profiles.d/*.conf': 'profiles file',
         'trusted.d/*.conf': 'trust file', 'recorder.conf': 'recorder'}

FOLDERS = ('src/config', 'src/recorder')

# What no page has under a heading of its own.
MEANINGS = {
    'group rule': {'all': 'Each of these must hold: names of groups, or rules.',
                   'any': 'One of these must hold: names of groups, or rules.'},
    'role definition': {'user': 'The person who has the roles.',
                        'group': 'The group whose members have the roles.',
                        'roles': 'Names of roles.'},
    'act_as entry': {'group': 'Whose members may act as others.',
                     'users': 'As whom; without it, as anybody who has a role here.',
                     'commands': 'For which commands and functions; a name may hold "*".'},
    'validator': {'name': 'What validate calls it.', 'pattern': 'What a value must match.',
                  'message': 'What is said of a value that does not.'},
    'trust entry': {'level': '"untrusted", "trusted", or in rolegate.conf alone "system".'},
    'trusted key': {'name': 'What signed_by calls it.',
                    'key': '"ed25519:" and the base64 of the public key.'},
    'commands file': {'commands': 'Definitions of commands.'},
    'condition': {'input': 'Another input of the function.',
                  'value': 'The value of it with which this input exists.',
                  'values': 'The values of it with which this input exists.'},
    'variable': {'name': 'Name of the variable.', 'value': 'Its value.'},
    'assignment': {'endpoint': 'Where the role is given.',
                   'user': 'The person who has it.', 'group': 'The group whose members have it.'},
    'grant': {'name': 'The command or function; it may hold "*" if parameters is not there.',
              'parameters': 'What may be given; without it everything, an empty list: nothing.'},
    'constraint': {'name': 'The parameter.', 'set': 'The values that may be given.',
                   'pattern': 'What a value must match as a whole; the set is ignored then.'},
    'alias': {'name': 'What is typed.', 'command': 'What it stands for.'},
    'functions file': {'functions': 'Definitions of functions.',
                       'validators': 'Validators of the configuration\'s own.'},
    'transaction': {'paths': 'The directories whose files change together or not at all.'},
    'providers file': {'providers': 'Named file areas.'},
    'provider': {'name': 'What visible_providers calls it.', 'read': 'What may be read.',
                 'write': 'What may be read and written.'},
    'profiles file': {'profiles': 'Definitions of profiles.'},
    'system calls': {'deny': 'Names and sets (@mount) that are refused.',
                     'allow': 'What is taken out of the sets that are refused.'},
    'trust file': {'trusted': 'Entries: what is trusted, by its content.'},
    'recorder': {'rotate_size': 'The size with which a new file of the log is begun.',
                 'keep_size': 'The most that older files of the log may take together.',
                 'sign_events': 'How many lines are signed at the latest.',
                 'transcripts': 'What is kept of what programs showed.'},
    'kept transcripts': {'maximum_size': 'The most bytes of one run\'s streams that are kept.',
                         'keep_size': 'The most that transcripts may take together.',
                         'keep_age': 'How long a transcript is kept.'},
    'syslog socket': {'syslog': 'Path of the socket that messages of RFC 5424 go to.'},
}


def tables_in(top):
    """[(file, table, number)] of every table of keys."""
    found = []
    for path in sources(top).values():
        with open(path, encoding='utf-8') as file:
            names = re.findall(r'schema_key (\w+)\[\] = ', file.read())
        found += [(os.path.basename(path)[:-2], table, names[:i].count(table))
                  for i, table in enumerate(names)]
    return found


def sources(top):
    """{name without ".c": path} of the files that tables are in."""
    return {name[:-2]: os.path.join(top, folder, name) for folder in FOLDERS
            for name in sorted(os.listdir(os.path.join(top, folder))) if name.endswith('.c')}


def table_of(source, name, number):
    """[(key, shape, the rest of its entry)]"""
    with open(source, encoding='utf-8') as file:
        text = file.read()
    found = re.findall(r'(?:schema_key|struct limit) ' + re.escape(name) +
                       r'\[\] = \{\n(.*?)\n\t*\};', text, re.S)
    if number >= len(found):
        raise SystemExit(f'{source}: there is no table {name}')
    body = found[number]
    if name == 'limits':
        return [(key, 'ANY', '') for key in re.findall(r'^\t\{"(\w+)"', body, re.M)]
    keys = re.findall(r'\{\s*"(\w+)",\s*SHAPE_(\w+)([^{}]*)\}', body)
    if len(keys) != body.count('SHAPE_'):
        raise SystemExit(f'{source}: table {name} is not in the usual form')
    return keys


def plain(lines):
    """Lines of mdoc as text."""
    words = []
    for line in lines:
        if line.startswith('.Bl') or line.startswith('.El') or line.startswith('.\\"'):
            continue
        if line.startswith('.'):
            parts = re.findall(r'"[^"]*"|\S+', line[1:])
            kept = [p.strip('"') for p in parts if p not in (
                'Ql', 'Ic', 'Pa', 'Xr', 'Fl', 'Sx', 'Ev', 'Em', 'Ar', 'Dq', 'Pq', 'Pp', 'Bd', 'Ed',
                'Po', 'Pc', 'Dv')]
            if parts and parts[0] == 'Fl' and kept:
                kept[0] = '-' + kept[0]
            if parts and parts[0] == 'Xr' and len(kept) > 1:
                kept[0:2] = [f'{kept[0]}({kept[1]})']
            line = ' '.join(kept)
        words.append(line)
    text = ' '.join(words).replace('\\(dq', '"').replace('\\&', '').replace('\\-', '-')
    text = re.sub(r' ([.,;:)])(?= |$)', r'\1', text.replace('\\e', '\\'))
    return re.sub(r'\s+', ' ', text).strip()


def first_sentence(text):
    match = re.match(r'(.*?[a-z0-9)"\']\.)(?: [A-Z("]|$)', text)
    return match[1] if match else text


def explained(page):
    """{(section, key): first sentence} of a man page."""
    meanings = {}
    section, keys, lines, depth = '', [], [], 0

    def end():
        for key in keys:
            meanings.setdefault((section, key), first_sentence(plain(lines)))

    with open(page, encoding='utf-8') as file:
        for line in file.read().split('\n') + ['.Sh']:
            heading = re.match(r'\.S[hs] ?(.*)', line)
            if keys and line.startswith('.Bl'):
                depth += 1
            elif depth > 0:
                depth -= line.startswith('.El')
                continue
            if heading or line.startswith('.It ') or line.startswith('.El'):
                end()
                keys, lines = [], []
            if heading:
                section = '' if heading[1] == 'DESCRIPTION' else heading[1]
            elif line.startswith('.It Ic '):
                keys = [word for word in line[7:].split() if re.fullmatch(r'\w+', word)]
            elif keys:
                lines.append(line)
    return meanings


def describe_key(source, group, key, shape, rest, children):
    entry = {'type': TYPES[shape]}
    if '.required = true' in rest:
        entry['required'] = True
    if '.not_empty = true' in rest:
        entry['not_empty'] = True
    for name in ('minimum', 'maximum'):
        number = re.search(rf'\.{name} = (\d+(?: \* \d+)*)\s*(?:,|$)', rest)
        if number:
            value = 1
            for factor in number[1].split(' * '):
                value *= int(factor)
            entry[name] = value
    if key in children:
        entry['of'] = children[key]
    meaning = MEANINGS.get(group, {}).get(key)
    for page, section in GROUPS[group][1]:
        meaning = meaning or source[page].get((section, key))
    if not meaning:
        raise SystemExit(f'{group}: no man page explains the key {key}')
    entry['meaning'] = meaning
    return entry


def describe(top):
    pages = {page for _, where, _ in GROUPS.values() for page, _ in where}
    source = {page: explained(os.path.join(top, 'man', page)) for page in pages}
    missing = set(tables_in(top)) - {table for table, _, _ in GROUPS.values()}
    if missing:
        raise SystemExit(f'tables that are in no group here: {sorted(missing)}')
    groups = {}
    for group, ((file, table, number), _, children) in GROUPS.items():
        keys = table_of(sources(top)[file], table, number)
        groups[group] = {key: describe_key(source, group, key, shape, rest, children)
                         for key, shape, rest in keys}
    return {'description': 'The keys of rolegate\'s configuration files. "strings" is an array or a '
                           'list of strings, "list" a list of what "of" names, or of their names.',
            'files': FILES, 'groups': groups}


def main():
    top = sys.argv[1] if len(sys.argv) > 1 else '.'
    json.dump(describe(top), sys.stdout, indent=1, ensure_ascii=True)
    print()
    return 0


if __name__ == '__main__':
    sys.exit(main())
