#!/usr/bin/env python3
"""Real answers against the published schemas: schema.py DIRECTORY NAME FILE|-: 0 it is valid.

The last line of FILE is the answer, as of "rolegate --json". Status 77: there is no jsonschema here.
"""
import json
import os
import sys

try:
    import jsonschema
except ImportError:
    jsonschema = None

DRAFT = 'https://json-schema.org/draft/2020-12/schema'


def load(directory, name):
    with open(os.path.join(directory, name + '.schema.json'), encoding='utf-8') as text:
        return json.load(text)


def local(node):
    """References to the common definitions, which whole() puts into each schema."""
    if isinstance(node, list):
        return [local(item) for item in node]
    if isinstance(node, dict):
        return {key: value.replace('common.schema.json', '') if key == '$ref' else local(value)
                for key, value in node.items()}
    return node


def whole(directory, name):
    schema = local(load(directory, name))
    schema['$defs'] = local(load(directory, 'common')['$defs'])
    return schema


def complaints(directory, name, answer):
    """What is wrong with an answer, each as a line."""
    checker = jsonschema.Draft202012Validator(whole(directory, name))
    found = []
    for error in checker.iter_errors(answer):
        # Of alternatives, what the nearest one lacks.
        error = jsonschema.exceptions.best_match([error]) or error
        found.append(f'/{"/".join(str(step) for step in error.absolute_path)}: {error.message[:300]}')
    return found


def open_objects(node, path=''):
    """Places where an object with named members takes others too, or a member says nothing."""
    if isinstance(node, dict):
        if 'properties' in node and node.get('type') == 'object' and \
                node.get('additionalProperties', True) is True:
            yield f'{path}: open'
        for name, member in (node['properties'].items() if node.get('type') == 'object'
                             and 'properties' in node else ()):
            if '$ref' not in member and 'description' not in member:
                yield f'{path}/{name}: no description'
        for key, value in node.items():
            yield from open_objects(value, f'{path}/{key}')
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from open_objects(value, f'{path}/{index}')


def main(directory, name, file):
    if jsonschema is None:
        return 77
    with (sys.stdin if file == '-' else open(file, encoding='utf-8')) as text:
        lines = text.read().rstrip('\n').split('\n')
    found = complaints(directory, name, json.loads(lines[-1]))
    print('\n'.join(found))
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
