#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Judges the capability decoder by lspci's own words.

compare_lspci.py HELPER real      every dump of $VIADUCT_REALDATA/pci-config, with the text
                                  that lspci made of it beside it
compare_lspci.py HELPER crafted   configuration spaces made here, read by this host's lspci

Each capability lspci lists must be listed by us at the same offset under the same id, and
each field of it that lspci prints must have our value. What lspci prints and no rule of
lspci_rules.py knows is counted too. Exit 0, 1 on a difference, 77 without a judge.
"""
import collections
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import craft_config  # noqa: E402
from lspci_rules import ID, RULES, UNNAMED, size, sizes

FLAG = re.compile(r'([A-Za-z0-9_<>/.:#-]*[A-Za-z0-9_:])([+-])(?=[\s,;)]|$)')


class Score:
    def __init__(self):
        self.functions = self.capabilities = self.fields = 0
        self.wrong, self.unruled = [], collections.Counter()
        self.kinds = collections.Counter()


def blocks(text):
    """lspci's text, one function at a time: (address, [(offset, extended, title, lines)])"""
    for part in re.split(r'\n\s*\n', text):
        match = re.match(r'\s*((?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]) ', part)
        if not match:
            continue
        found = []
        for line in part.splitlines():
            head = re.match(r'\tCapabilities: \[([0-9a-f]+)( v\d+)?\] (.*)', line)
            if head:
                found.append((int(head[1], 16), head[2], head[3], []))
            elif line.startswith('\t\t') and found:
                found[-1][3].append(line)
            elif re.match(r'\t\S', line) and found:
                found.append((None, None, line, []))
        address = match[1] if match[1].count(':') == 2 else '0000:' + match[1]
        yield address, [f for f in found if f[0] is not None]


def sections(capability, title, lines):
    """Groups lines by their label; a line further in belongs to the label above it."""
    result = [['title', title]]
    top = ''
    # Old versions forget a line's end: the next one starts in its middle.
    lines = [part for line in lines
             for part in re.sub(r'(?<=\S)\t\t', '\n\t\t', line).split('\n')]
    for line in lines:
        outer = re.match(r'\t\t(?![\t ])(?:\[[0-9a-f]+\])?(.*)', line)
        inner = re.match(r'\t\t\s+([A-Z]\w+):', line)
        if outer:
            top = re.split(r':(?=\s|$)', outer[1])[0]
            result.append([top, outer[1]])
        elif inner and inner[1] in ('Arb', 'Ctrl', 'Status', 'Changed', 'Addr') and \
                (capability, inner[1]) != ('pcie', 'Status'):
            result.append([top + '/' + inner[1], line.strip()])
        elif result and result[-1][0].startswith(top):
            if '/' in result[-1][0]:
                result.append([top, line.strip()])
            else:
                result[-1][1] += ' ' + line.strip()
    return result


def our_id(title, extended):
    for expression, name in ID.items():
        match = re.match(expression, title)
        if match and name:
            return name
        if match:
            number = int(re.search(r'0x([0-9a-f]+)|$', title)[1] or '0', 16)
            if extended and number in UNNAMED:
                return UNNAMED[number]
            return ('ext-%04x' if extended else 'cap-%02x') % number
    return '?' + title


def rules_for(capability, section):
    for ids, label, flags, values in RULES:
        if capability in ids.split('|'):
            match = re.fullmatch(label, section)
            if match:
                groups = [g or '0' for g in match.groups()]
                yield ({k: v.format(*groups) for k, v in
                        (f.split('=', 1) for f in flags.split())},
                       [(e, f.format(*groups), c) for e, f, c in values])


def check(score, where, ours, field, expected, theirs):
    if expected is None:
        return
    value = ours.get(field)
    score.fields += 1
    if isinstance(expected, tuple) and expected[0] == '+mask':
        good = value is not None and int(value, 16) & expected[2] == expected[1]
    elif isinstance(expected, tuple) and expected[0] == 'range':
        # lspci takes it that a link can do every speed up to the highest
        if expected[1] is None:
            return
        bits, want = int(value or '0', 16) & 0x3f, int(expected[1], 16)
        good = bits.bit_length() == want.bit_length()
    elif isinstance(expected, tuple):
        good = value in expected
    else:
        good = value == expected and type(value) is type(expected)
    if not good:
        score.wrong.append('%s: %s is %r, lspci says %r (%s)' %
                           (where, field, value, expected, theirs[:90]))


def compare_section(score, where, capability, label, text, ours):
    if capability == 'pm' and 'PME(' in text:
        pme = re.search(r'PME\((.*)\)', text)[1]
        text = text[:text.index('PME(')]
        compare_section(score, where, capability, 'Flags/PME', pme.replace(',', ', '), ours)
    used = set()
    matched = False
    for flags, values in rules_for(capability, label):
        matched = True
        for name, sign in FLAG.findall(text):
            field = flags.get(name)
            if field is None:
                continue
            used.add(name)
            if field.startswith('?'):  # there only where the specification has it
                field = field[1:]
                if field.lstrip('!') not in ours:
                    continue
            check(score, where, ours, field.lstrip('!'), (sign == '+') != field.startswith('!'),
                  text)
        for expression, field, convert in values:
            match = re.search(expression, text)
            if match:
                theirs = next(g for g in match.groups() if g is not None)
                check(score, where, ours, field, convert(theirs), text)
                used.update(n for n, _ in FLAG.findall(match[0]))
    if not matched and label != 'title':
        score.unruled['%s: %s' % (capability, re.sub(r'[0-9a-f]*\d+[0-9a-f]*', 'N', label))] += 1
    elif capability != 'dev3':
        for name, _ in FLAG.findall(text):
            if name not in used and not name.isdigit():
                score.unruled['%s: %s %s' % (capability, label, name)] += 1


def compare_rebar(score, where, lines, ours):
    wanted = 0
    for line in lines:
        match = re.match(r'\s*BAR (\d): current size: ([^,]+)(?:, supported:(.*))?', line)
        if not match:
            continue
        prefix = 'entry%d_' % wanted
        wanted += 1
        check(score, where, ours, prefix + 'bar', int(match[1]), line)
        check(score, where, ours, prefix + 'size_bytes', size(match[2]), line)
        check(score, where, ours, prefix + 'sizes_supported', sizes(match[3] or ''), line)


def compare_function(score, where, lspci, ours):
    score.functions += 1
    left = {(int(c['offset'], 16), c['id']): c for c in ours['capabilities'] or []}
    for offset, extended, title, lines in lspci:
        if title.startswith('<'):
            continue  # "<access denied>", "<chain looped>": nothing of a capability
        name = our_id(title, extended)
        here = '%s [%x] %s' % (where, offset, name)
        found = left.pop((offset, name), None)
        score.capabilities += 1
        score.kinds[name] += 1
        if found is None:
            score.wrong.append('%s: lspci lists it, we do not (%s)' % (here, title))
            continue
        if extended:
            check(score, here, found, 'version', int(extended[2:]), title)
        if name in ('rebar', 'vf_rebar'):
            compare_rebar(score, here, lines, found)
            continue
        for label, text in sections(name, title, lines):
            compare_section(score, here, name, label, text, found)
    for (offset, name), found in left.items():
        score.wrong.append('%s [%x] %s: we list it, lspci does not' % (where, offset, name))


def read_ours(helper, path):
    done = subprocess.run([helper, path], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def compare_dump(score, helper, path, text):
    ours = collections.defaultdict(list)
    for function in read_ours(helper, path):
        ours[function['address']].append(function)
    name = os.path.basename(path)
    for address, lspci in blocks(text):
        if not ours[address]:
            score.wrong.append('%s %s: lspci lists it, we do not' % (name, address))
            continue
        # Of a function that is in the dump twice lspci shows both, in an order of its own.
        best = None
        for i, candidate in enumerate(ours[address]):
            trial = Score()
            compare_function(trial, '%s %s' % (name, address), lspci, candidate)
            if best is None or len(trial.wrong) < len(best[0].wrong):
                best = (trial, i)
        trial, taken = best
        del ours[address][taken]
        score.functions += trial.functions
        score.capabilities += trial.capabilities
        score.fields += trial.fields
        score.wrong += trial.wrong
        score.unruled += trial.unruled
        score.kinds += trial.kinds
    for address, rest in ours.items():
        for _ in rest:
            score.wrong.append('%s %s: we list it, lspci does not' % (name, address))


def real(score, helper):
    root = os.environ.get('VIADUCT_REALDATA') or os.path.join(
        os.path.dirname(os.path.abspath(__file__)), '../../../shared/realdata')
    dumps = sorted(p for p in glob.glob(os.path.join(root, 'pci-config', '*.txt'))
                   if '.lspci-' not in p)
    if not dumps:
        print('SKIP: no dumps of real machines in %s (VIADUCT_REALDATA)' % root)
        sys.exit(77)
    for path in dumps:
        with open(path[:-4] + '.lspci-vvvnn.txt', encoding='utf-8', errors='replace') as file:
            compare_dump(score, helper, path, file.read())


def crafted(score, helper):
    lspci = shutil.which('lspci', path=os.environ.get('PATH', '') + ':/usr/sbin:/sbin')
    if not lspci:
        print('SKIP: no lspci on this host')
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        for name, dump in craft_config.dumps():
            path = os.path.join(folder, name)
            with open(path, 'w', encoding='ascii') as file:
                file.write(dump)
            done = subprocess.run([lspci, '-F', path, '-vvvnn'], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, check=False)
            compare_dump(score, helper, path, done.stdout.decode('utf-8', 'replace'))


def main():
    helper, mode = sys.argv[1:3]
    score = Score()
    {'real': real, 'crafted': crafted}[mode](score, helper)
    for line in score.wrong[:60]:
        print('DIFFERS', line)
    for what, count in score.unruled.most_common(40):
        print('not compared (%d times): %s' % (count, what))
    print('%d functions, %d capabilities of %d kinds, %d fields compared; %d differ; '
          '%d things lspci printed have no rule' %
          (score.functions, score.capabilities, len(score.kinds), score.fields,
           len(score.wrong), sum(score.unruled.values())))
    sys.exit(1 if score.wrong or not score.fields else 0)


if __name__ == '__main__':
    main()
