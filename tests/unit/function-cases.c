#include "config-cases.h"

#include <stddef.h>

/* clang-format off */
const struct config_case function_cases[] = {
	{"functions.d/x.conf",
	 "",
	 "functions.d/x.conf: key \"functions\" is missing"},
	{"functions.d/x.conf",
	 "functions = ( 5 );\n",
	 "functions.d/x.conf:1: functions has a number in it; expected groups { }"},
	{"functions.d/x.conf",
	 "functions = ( { script = \"x\"; interpreter = \"/bin/sh\"; } );\n",
	 "functions.d/x.conf:1: key \"name\" is missing"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; } );\n",
	 "functions.d/x.conf:2: function \"f\": expected exactly one of \"file\" and \"script\""},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; file = \"/usr/lib/x\"; script = \"#!/bin/sh\\n\"; } );\n",
	 "functions.d/x.conf:2: function \"f\": expected exactly one of \"file\" and \"script\""},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; file = \"lib/x\"; } );\n",
	 "functions.d/x.conf:2: function \"f\": file = \"lib/x\" is refused; expected the full path of a file, without \"//\", \".\" or \"..\""},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; file = \"/\"; } );\n",
	 "functions.d/x.conf:2: function \"f\": file = \"/\" is refused; expected the full path of a file, without \"//\", \".\" or \"..\""},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = 5; } );\n",
	 "functions.d/x.conf:2: function \"f\": script is a number; expected a string"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\";\n"
	 "   script = \"\"; interpreter = \"/bin/sh\"; } );\n",
	 "functions.d/x.conf:3: function \"f\": script: it is empty"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\";\n"
	 "   script = \"echo\\n\"; } );\n",
	 "functions.d/x.conf:3: function \"f\": script: it has no interpreter line (#!); expected one, or \"interpreter\" in the definition"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\";\n"
	 "   script = \"#!bin/sh\\n\"; } );\n",
	 "functions.d/x.conf:3: function \"f\": script: its interpreter's path is not an absolute one without dots"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\";\n"
	 "   script = \"#!\\n\"; } );\n",
	 "functions.d/x.conf:3: function \"f\": script: its first line names no interpreter"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\";\n"
	 "   script = \"#!/bin/sh\\r\\n\"; } );\n",
	 "functions.d/x.conf:3: function \"f\": script: its first line ends with CR LF, as no program's name does"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\";\n"
	 "   script = \"\\xff\"; interpreter = \"/bin/sh\"; } );\n",
	 "functions.d/x.conf:3: function \"f\": script: it is not UTF-8 text"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\";\n"
	 "   script = \"\\x7fELF\\x02\"; interpreter = \"/bin/sh\"; } );\n",
	 "functions.d/x.conf:3: function \"f\": script: it is a program (ELF); expected a script, and a program among the commands"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"echo\\n\";\n"
	 "   interpreter = \"sh\"; } );\n",
	 "functions.d/x.conf:3: function \"f\": interpreter = \"sh\" is refused; expected the full path of a file, without \"//\", \".\" or \"..\""},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"echo\\n\";\n"
	 "   interpreter = \"/bin/../sh\"; } );\n",
	 "functions.d/x.conf:3: function \"f\": interpreter = \"/bin/../sh\" is refused; expected the full path of a file, without \"//\", \".\" or \"..\""},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   colour = 1;\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": key \"colour\" is unknown; expected one of name, description, file, script, interpreter, run_as, profile, class, enabled, timeout, directory, environment, transcript, transcript_input, terminal, show_errors, transaction, rollback, audit_steps, approval, self_approval, approvers, approver_groups, inputs"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   input = ();\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": key \"input\" is unknown; expected one of name, description, file, script, interpreter, run_as, profile, class, enabled, timeout, directory, environment, transcript, transcript_input, terminal, show_errors, transaction, rollback, audit_steps, approval, self_approval, approvers, approver_groups, inputs (did you mean \"inputs\"?)"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   run_as = \"1000\";\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": run_as = \"1000\" is refused; expected the name of an account (not a number), or \"caller\""},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   profile = \"read-onyl\";\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": profile = \"read-onyl\" is unknown; expected one of base, child, content-editor, read-only, read-only-offline, service-control, standard, unrestricted, user-drive (did you mean \"read-only\"?)"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   class = \"big\";\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": class = \"big\" is unknown; expected one of read-only, write-capable, elevated"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   enabled = 1;\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": enabled is a number; expected true or false"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   timeout = 0;\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": timeout = 0 is out of range; expected 1 to 31622400"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   directory = \"var\";\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": directory = \"var\" is refused; expected an absolute path without \"//\", \".\", \"..\" or a slash at its end"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   environment = ( { name = \"PATH\"; value = \"x\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:3: variable \"PATH\": name = \"PATH\" is refused; expected a variable that is neither the gateway's own nor read by shells"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   show_errors = \"no\";\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": show_errors is a string; expected true or false"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   audit_steps = \"no\";\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": audit_steps is a string; expected true or false"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   approval = \"always\";\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": approval = \"always\" is unknown; expected one of none, required"},
	{"functions.d/x.conf",
	 "functions = ( { name = \"f\"; script = \"#!/bin/sh\\n\"; parameters = (); } );\n",
	 "functions.d/x.conf:1: function \"f\": key \"parameters\" is unknown; expected one of name, description, file, script, interpreter, run_as, profile, class, enabled, timeout, directory, environment, transcript, transcript_input, terminal, show_errors, transaction, rollback, audit_steps, approval, self_approval, approvers, approver_groups, inputs (did you mean \"inputs\"?)"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   approval = true;\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": approval is true or false; expected \"required\" or \"none\""},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   self_approval = 1;\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": self_approval is a number; expected true or false"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   approvers = 0;\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": approvers = 0 is out of range; expected 1 to 16"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   approver_groups = [ \"a b\" ];\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": \"a b\" in approver_groups is refused; expected the name of a group (not a number): letters, digits, \"_\", \".\" and \"-\", at most 32 bytes"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"journal\"; script = \"#!/bin/sh\\n\"; } );\n",
	 "functions.d/x.conf:2: function \"journal\" is already defined at commands.d/base.conf:2, as a command"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\"; },\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\"; } );\n",
	 "functions.d/x.conf:3: function \"f\" is already defined at functions.d/x.conf:2"},
	{"commands.d/x.conf",
	 "commands = ( { name = \"x\"; program = \"/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"boolean\"; } ); } );\n",
	 "commands.d/x.conf:2: parameter \"a\": type = \"boolean\" is for inputs of functions; expected one of string, integer, flag, choice, path, drive-file"},
	{"commands.d/x.conf",
	 "commands = ( { name = \"x\"; program = \"/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"text\"; validate = \"none\"; } ); } );\n",
	 "commands.d/x.conf:2: parameter \"a\": type = \"text\" is for inputs of functions; expected one of string, integer, flag, choice, path, drive-file"},
	{"commands.d/x.conf",
	 "commands = ( { name = \"x\"; program = \"/bin/x\"; parameters = (\n"
	 " { name = \"a\"; validate = \"none\";\n"
	 " show_if = { input = \"b\"; value = \"c\"; }; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": show_if is for inputs of functions; expected it to be left out"},
	{"commands.d/x.conf",
	 "commands = ( { name = \"x\"; program = \"/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"choice\";\n"
	 " choices_from = \"b\"; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": choices_from is for inputs of functions; expected it to be left out"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"strnig\"; validate = \"none\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:4: input \"a\": type = \"strnig\" is unknown; expected one of string, integer, flag, choice, path, drive-file, boolean, date, text (did you mean \"string\"?)"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:4: input \"a\": a string needs \"validate\" or \"pattern\"; expected validate = \"none\" if any text will do"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"text\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:4: input \"a\": a text needs \"validate\" or \"pattern\"; expected validate = \"none\" if any text will do"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"text\"; validate = \"hostname\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:4: input \"a\": validate = \"hostname\" of a text of several lines; expected \"printable-text\", \"none\", or a validator of your own"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"text\"; validate = \"none\"; default = \"a\\x1b\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:4: input \"a\": default = \"a\\x1b\" holds a control character or invalid UTF-8"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; default = \"a\\nb\"; validate = \"none\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:4: input \"a\": default = \"a\\x0ab\" holds a control character or invalid UTF-8"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"boolean\"; validate = \"none\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:4: input \"a\": validate has no effect on type \"boolean\"; expected it to be left out"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"boolean\"; default = \"yes\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:4: input \"a\": default = \"yes\" is not valid; expected true or false"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"date\"; default = \"2026-02-30\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:4: input \"a\": default = \"2026-02-30\" is not valid; expected a date, such as 2026-01-31"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"date\"; pattern = \"2.*\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:4: input \"a\": pattern has no effect on type \"date\"; expected it to be left out"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"choice\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:4: input \"a\": key \"choices\" is missing; type \"choice\" needs it, or \"choices_from\""},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"choice\"; choices = [ \"x\" ];\n"
	 " choices_from = \"y\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:5: input \"a\": choices and choices_from; expected one of the two"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"integer\";\n"
	 " choices_from = \"y\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:5: input \"a\": choices_from has no effect on type \"integer\"; expected it to be left out"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; required = true; default = \"x\"; validate = \"none\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:4: input \"a\": a required input never needs its default; expected one of the two"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a-b\"; validate = \"none\"; },\n"
	 "    { name = \"a.b\"; validate = \"none\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:5: function \"f\": input \"a.b\": its variable rolegate_input_a_b is that of input \"a-b\" too; expected names that differ in more than \"-\", \".\" and \"_\""},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; validate = \"none\"; },\n"
	 "    { name = \"a\"; validate = \"none\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:5: function \"f\": input \"a\": the name is given twice\n"
	 "functions.d/x.conf:5: function \"f\": input \"a\": option \"--a\" is given twice"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; validate = \"tikcet\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:4: input \"a\": validate = \"tikcet\" is unknown; expected one of hostname, ip-address, cidr, port, email, user, group, systemd-unit, file-name, absolute-path, uuid, date, identifier, printable-text, none, ticket (did you mean \"ticket\"?)"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; descripton = \"x\"; validate = \"none\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:4: input \"a\": key \"descripton\" is unknown; expected one of name, type, description, options, position, validate, pattern, choices, minimum, maximum, under, required, repeat, secret, common, message, max_length, leading_dash, default, show_if, choices_from (did you mean \"description\"?)"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; validate = \"none\"; },\n"
	 "    { name = \"b\"; validate = \"none\";\n"
	 " show_if = { input = \"c\"; value = \"x\"; }; } );\n"
	 " } );\n",
	 "functions.d/x.conf:6: function \"f\": input \"b\": show_if: the function has no input \"c\" (did you mean \"a\"?)"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"mode\"; validate = \"none\"; },\n"
	 "    { name = \"b\"; validate = \"none\";\n"
	 " show_if = { input = \"mod\"; value = \"x\"; }; } );\n"
	 " } );\n",
	 "functions.d/x.conf:6: function \"f\": input \"b\": show_if: the function has no input \"mod\" (did you mean \"mode\"?)"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; validate = \"none\";\n"
	 " show_if = { input = \"a\"; value = \"x\"; }; } );\n"
	 " } );\n",
	 "functions.d/x.conf:5: function \"f\": input \"a\": show_if: expected another input than this one"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; validate = \"none\";\n"
	 " show_if = { input = \"b\"; value = \"x\"; }; },\n"
	 "    { name = \"b\"; validate = \"none\";\n"
	 " show_if = { input = \"a\"; value = \"x\"; }; } );\n"
	 " } );\n",
	 "functions.d/x.conf:5: function \"f\": input \"a\": show_if: it depends on itself by way of input \"b\"; expected no circle\n"
	 "functions.d/x.conf:7: function \"f\": input \"b\": show_if: it depends on itself by way of input \"a\"; expected no circle"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; validate = \"none\"; },\n"
	 "    { name = \"b\"; validate = \"none\";\n"
	 " show_if = { input = \"a\"; }; } );\n"
	 " } );\n",
	 "functions.d/x.conf:6: input \"b\": show_if: expected exactly one of \"value\" and \"values\""},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; validate = \"none\"; },\n"
	 "    { name = \"b\"; validate = \"none\";\n"
	 " show_if = { input = \"a\"; value = \"x\"; values = [ \"y\" ]; }; } );\n"
	 " } );\n",
	 "functions.d/x.conf:6: input \"b\": show_if: expected exactly one of \"value\" and \"values\""},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; validate = \"none\"; },\n"
	 "    { name = \"b\"; validate = \"none\";\n"
	 " show_if = { value = \"x\"; }; } );\n"
	 " } );\n",
	 "functions.d/x.conf:6: input \"b\": key \"input\" is missing"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; validate = \"none\"; },\n"
	 "    { name = \"b\"; validate = \"none\";\n"
	 " show_if = { input = \"a\"; values = []; }; } );\n"
	 " } );\n",
	 "functions.d/x.conf:6: input \"b\": values is empty; expected at least one element"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; validate = \"none\"; },\n"
	 "    { name = \"b\"; validate = \"none\";\n"
	 " show_if = { input = \"a\"; value = { }; }; } );\n"
	 " } );\n",
	 "functions.d/x.conf:6: input \"b\": value is a group { }; expected a string, a whole number, true or false"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; validate = \"none\"; },\n"
	 "    { name = \"b\"; validate = \"none\";\n"
	 " show_if = { input = \"a\"; values = ( \"x\", \"x\" ); }; } );\n"
	 " } );\n",
	 "functions.d/x.conf:6: input \"b\": \"x\" in show_if is given twice"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; validate = \"none\"; },\n"
	 "    { name = \"b\"; validate = \"none\";\n"
	 " show_if = { input = \"a\"; vaule = \"x\"; }; } );\n"
	 " } );\n",
	 "functions.d/x.conf:6: input \"b\": key \"vaule\" is unknown; expected one of input, value, values (did you mean \"value\"?)\n"
	 "functions.d/x.conf:6: input \"b\": show_if: expected exactly one of \"value\" and \"values\""},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; validate = \"none\"; },\n"
	 "    { name = \"b\"; validate = \"none\";\n"
	 " show_if = \"a\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:6: input \"b\": show_if is a string; expected a group { }"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"choice\"; choices = [ \"x\", \"y\" ]; },\n"
	 "    { name = \"b\"; validate = \"none\";\n"
	 " show_if = { input = \"a\"; values = ( \"x\", \"z\" ); }; } );\n"
	 " } );\n",
	 "functions.d/x.conf:6: function \"f\": input \"b\": show_if: input \"a\" never is \"z\"; expected one of: x, y"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"boolean\"; },\n"
	 "    { name = \"b\"; validate = \"none\";\n"
	 " show_if = { input = \"a\"; value = \"yes\"; }; } );\n"
	 " } );\n",
	 "functions.d/x.conf:6: function \"f\": input \"b\": show_if: input \"a\" never is \"yes\"; expected true or false"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"flag\"; },\n"
	 "    { name = \"b\"; validate = \"none\";\n"
	 " show_if = { input = \"a\"; value = 1; }; } );\n"
	 " } );\n",
	 "functions.d/x.conf:6: function \"f\": input \"b\": show_if: input \"a\" never is \"1\"; expected true or false"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"integer\"; maximum = 5; },\n"
	 "    { name = \"b\"; validate = \"none\";\n"
	 " show_if = { input = \"a\"; value = 6; }; } );\n"
	 " } );\n",
	 "functions.d/x.conf:6: function \"f\": input \"b\": show_if: input \"a\" never is \"6\"; expected a whole number, 5 or less"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"choice\";\n"
	 " choices_from = \"g\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:5: function \"f\": input \"a\": choices_from = \"g\" is not defined; expected a function (did you mean \"f\"?)"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"choice\";\n"
	 " choices_from = \"journal\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:5: function \"f\": input \"a\": choices_from = \"journal\" is a command; expected a function"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"choice\";\n"
	 " choices_from = \"f\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:2: function \"f\": by choices_from and rollback it runs itself, or more than 4 functions one within the other; expected neither"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = ( { name = \"key\"; validate = \"none\"; secret = true; },\n"
	 "    { name = \"a\"; type = \"choice\";\n"
	 " choices_from = \"g\"; } ); },\n"
	 " { name = \"g\"; script = \"#!/bin/sh\\n\"; inputs = (\n"
	 "   { name = \"key\"; validate = \"none\"; } ); } );\n",
	 "functions.d/x.conf:5: function \"f\": input \"a\": choices_from = \"g\" has no secret input \"key\", and it is one here; expected secret = true there too"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   rollback = \"g\"; inputs = ( { name = \"key\"; validate = \"none\"; secret = true; } ); },\n"
	 " { name = \"g\"; script = \"#!/bin/sh\\n\"; inputs = (\n"
	 "   { name = \"key\"; validate = \"none\"; } ); } );\n",
	 "functions.d/x.conf:3: function \"f\": rollback = \"g\" has no secret input \"key\", and it is one here; expected secret = true there too"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"choice\";\n"
	 " choices_from = \"g  h\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:5: input \"a\": choices_from = \"g  h\" is refused; expected one to four words of letters, digits, \"_\", \".\" and \"-\", with single blanks between them"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = ( { name = \"a\"; type = \"choice\";\n"
	 " choices_from = \"g\"; } ); },\n"
	 " { name = \"g\"; script = \"#!/bin/sh\\n\"; inputs = (\n"
	 " { name = \"a\"; validate = \"none\"; required = true; } ); } );\n",
	 "functions.d/x.conf:4: function \"f\": input \"a\": choices_from = \"g\" needs an input \"a\"; expected one of that name here"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = ( { name = \"a\"; type = \"choice\";\n"
	 " choices_from = \"g\"; } ); },\n"
	 " { name = \"g\"; script = \"#!/bin/sh\\n\";\n"
	 "   rollback = \"f\"; } );\n",
	 "functions.d/x.conf:2: function \"f\": by choices_from and rollback it runs itself, or more than 4 functions one within the other; expected neither\n"
	 "functions.d/x.conf:5: function \"g\": by choices_from and rollback it runs itself, or more than 4 functions one within the other; expected neither"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   rollback = \"g\";\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": rollback = \"g\" is not defined; expected a function (did you mean \"f\"?)"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   rollback = \"journal\";\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": rollback = \"journal\" is a command; expected a function"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   rollback = \"f\";\n"
	 " } );\n",
	 "functions.d/x.conf:2: function \"f\": by choices_from and rollback it runs itself, or more than 4 functions one within the other; expected neither"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   rollback = \"g\"; },\n"
	 " { name = \"g\"; script = \"#!/bin/sh\\n\"; inputs = (\n"
	 " { name = \"a\"; validate = \"none\"; required = true; } ); } );\n",
	 "functions.d/x.conf:3: function \"f\": rollback = \"g\" needs an input \"a\"; expected one of that name here"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f1\"; script = \"#!/bin/sh\\n\"; rollback = \"f2\"; },\n"
	 " { name = \"f2\"; script = \"#!/bin/sh\\n\"; rollback = \"f3\"; },\n"
	 " { name = \"f3\"; script = \"#!/bin/sh\\n\"; rollback = \"f4\"; },\n"
	 " { name = \"f4\"; script = \"#!/bin/sh\\n\"; rollback = \"f5\"; },\n"
	 " { name = \"f5\"; script = \"#!/bin/sh\\n\"; } );\n",
	 "functions.d/x.conf:2: function \"f1\": by choices_from and rollback it runs itself, or more than 4 functions one within the other; expected neither"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   transaction = { };\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": key \"paths\" is missing"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   transaction = { paths = []; };\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": paths is empty; expected at least one element"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   transaction = { paths = [ \"srv\" ]; };\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": \"srv\" in paths is refused; expected an absolute path without \"//\", \".\", \"..\" or a slash at its end"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   transaction = { path = [ \"/srv\" ]; };\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": key \"path\" is unknown; expected one of paths (did you mean \"paths\"?)\n"
	 "functions.d/x.conf:3: function \"f\": key \"paths\" is missing"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   transaction = {\n"
	 " paths = [ \"/\" ]; };\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": transaction path \"/\": / is not for scripts to change; expected a directory apart from it"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   transaction = { paths = [ \"/proc/sys\", \"/sys\", \"/dev/shm\" ]; };\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": transaction path \"/proc/sys\": /proc is not for scripts to change; expected a directory apart from it\n"
	 "functions.d/x.conf:3: function \"f\": transaction path \"/sys\": /sys is not for scripts to change; expected a directory apart from it\n"
	 "functions.d/x.conf:3: function \"f\": transaction path \"/dev/shm\": /dev is not for scripts to change; expected a directory apart from it"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   transaction = { paths = [ \"/srv/a\", \"/srv\", \"/srvs\" ]; };\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": transaction path \"/srv/a\": it is below \"/srv\"; expected the upper one alone"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   transaction = { paths = [ \"/srv/a\", \"/srv/a\" ]; };\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": \"/srv/a\" in paths is given twice"},
	{"functions.d/x.conf",
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   profile = \"base\"; transaction = { paths = [ \"/srv/a\", \"/opt\", \"/root/x\" ]; };\n"
	 " } );\n",
	 "functions.d/x.conf:3: function \"f\": transaction path \"/opt\": profile \"base\" lets nothing be written there; expected it in filesystem.write of the profile\n"
	 "functions.d/x.conf:3: function \"f\": transaction path \"/root/x\": profile \"base\" hides it; expected another profile"},
	{"roles.d/x.role",
	 "function_definitions = ( { name = \"f\"; script = \"#!/bin/sh\\n\"; } );\n"
	 "visible_functions = ( \"g\" );\n",
	 "roles.d/x.role:2: function \"g\" is not defined in functions.d or a role (did you mean \"f\"?)"},
	{"roles.d/x.role",
	 "function_definitions = ( { name = \"fetch\"; script = \"#!/bin/sh\\n\"; } );\n"
	 "visible_functions = ( \"fecth\" );\n",
	 "roles.d/x.role:2: function \"fecth\" is not defined in functions.d or a role (did you mean \"fetch\"?)"},
	{"roles.d/x.role",
	 "function_definitions = ( { name = \"f\"; script = \"#!/bin/sh\\n\"; } );\n"
	 "visible_commands = ( \"f\" );\n",
	 "roles.d/x.role:2: grant \"f\" is a function; expected it in visible_functions"},
	{"roles.d/x.role",
	 "visible_functions = ( \"journal\" );\n",
	 "roles.d/x.role:1: grant \"journal\" is a command; expected it in visible_commands"},
	{"roles.d/x.role",
	 "visible_functions = ( \"jc\" );\n",
	 "roles.d/x.role:1: grant \"jc\" is an alias; expected it in visible_aliases, and its function here"},
	{"roles.d/x.role",
	 "visible_functions = ( \"j*\" );\n",
	 "roles.d/x.role:1: grant \"j*\" matches no function; expected the name of one that is defined"},
	{"roles.d/x.role",
	 "visible_functions = ( \"/usr/bin/id\" );\n",
	 "roles.d/x.role:1: \"/usr/bin/id\" in visible_functions is refused; expected a command's name; a program's path belongs into visible_external_commands"},
	{"roles.d/x.role",
	 "function_definitions = ( { name = \"f\"; script = \"#!/bin/sh\\n\"; inputs = ( { name = \"unit\"; validate = \"none\"; } ); } );\n"
	 "visible_functions = ( { name = \"f\"; parameters = ( \"units\" ); } );\n",
	 "roles.d/x.role:2: grant \"f\": the function has no input \"units\" (did you mean \"unit\"?)"},
	{"roles.d/x.role",
	 "function_definitions = ( { name = \"f\"; script = \"#!/bin/sh\\n\"; inputs = ( { name = \"day\"; type = \"date\"; } ); } );\n"
	 "visible_functions = ( { name = \"f\"; parameters = ( { name = \"day\"; set = [ \"today\" ]; } ); } );\n",
	 "roles.d/x.role:2: grant \"f\": parameter \"day\": \"today\" in the set can never be given; expected a date, such as 2026-01-31"},
	{"roles.d/x.role",
	 "startup_functions = [ \"g\" ];\n",
	 "roles.d/x.role:1: startup_functions: \"g\" is not defined"},
	{"roles.d/x.role",
	 "startup_functions = [ \"journal\" ];\n",
	 "roles.d/x.role:1: startup_functions: \"journal\" is a command; expected a function"},
	{"roles.d/x.role",
	 "startup_functions = [ \"a  b\" ];\n",
	 "roles.d/x.role:1: \"a  b\" in startup_functions is refused; expected one to four words of letters, digits, \"_\", \".\" and \"-\", with single blanks between them"},
	{"roles.d/x.role",
	 "function_definitions = ( { name = \"f\"; script = \"#!/bin/sh\\n\"; inputs = ( { name = \"a\"; validate = \"none\"; required = true; } ); } );\n"
	 "startup_functions = [ \"f\" ];\n",
	 "roles.d/x.role:2: startup_functions: \"f\" needs its input \"a\", and nobody is asked at the start of a session; expected a function without required inputs"},
	{"roles.d/x.role",
	 "function_definitions = ( { name = \"f\"; script = \"#!/bin/sh\\n\"; } );\n"
	 "startup_functions = [ \"f\", \"f\" ];\n",
	 "roles.d/x.role:2: startup_functions: \"f\" is given twice"},
	{"functions.d/x.conf",
	 "validators = (\n"
	 " { name = \"date\"; pattern = \"a\"; message = \"b\"; } );\n",
	 "functions.d/x.conf:2: validator \"date\": name = \"date\" is refused; expected another name: this one is built in"},
	{"functions.d/x.conf",
	 "validators = (\n"
	 " { pattern = \"a\"; message = \"b\"; } );\n",
	 "functions.d/x.conf:2: key \"name\" is missing"},
	{"functions.d/x.conf",
	 "validators = (\n"
	 " { name = \"t\"; message = \"b\"; } );\n",
	 "functions.d/x.conf:2: validator \"t\": key \"pattern\" is missing"},
	{"functions.d/x.conf",
	 "validators = (\n"
	 " { name = \"t\"; pattern = \"a\"; } );\n",
	 "functions.d/x.conf:2: validator \"t\": key \"message\" is missing"},
	{"functions.d/x.conf",
	 "validators = (\n"
	 " { name = \"t\"; pattern = \"a(\"; message = \"\"; } );\n",
	 "functions.d/x.conf:2: validator \"t\": pattern = \"a(\" is refused: missing closing parenthesis (at byte 3)\n"
	 "functions.d/x.conf:2: validator \"t\": message = \"\" is refused; expected something in it"},
	{"functions.d/x.conf",
	 "validators = (\n"
	 " { name = \"t\"; pattern = \"a\"; message = \"b\"; },\n"
	 " { name = \"t\"; pattern = \"a\"; message = \"b\"; } );\n",
	 "functions.d/x.conf:3: validator \"t\" is already defined at functions.d/x.conf:2"},
	{"functions.d/x.conf",
	 "validators = (\n"
	 " { name = \"t u\"; pattern = \"a\"; message = \"b\"; } );\n",
	 "functions.d/x.conf:2: validator \"t u\": name = \"t u\" is refused; expected a name of letters, digits, \"_\", \".\" and \"-\", beginning with none of the last two, at most 64 bytes"},
	{"functions.d/x.conf",
	 "validators = ( { name = \"t\"; pattern = \"[a-z]+\"; message = \"letters\"; } );\n"
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; validate = \"t\"; default = \"1\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:5: input \"a\": default = \"1\" is not valid; expected letters"},
	{"functions.d/x.conf",
	 "validators = ( { name = \"colour\"; pattern = \"[a-z]+\"; message = \"letters\"; } );\n"
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; validate = \"color\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:5: input \"a\": validate = \"color\" is unknown; expected one of hostname, ip-address, cidr, port, email, user, group, systemd-unit, file-name, absolute-path, uuid, date, identifier, printable-text, none, ticket, colour (did you mean \"colour\"?)"},
	{"functions.d/x.conf",
	 "validators = ( { name = \"t\"; pattern = \"[a-z]+\"; message = \"letters\"; } );\n"
	 "functions = (\n"
	 " { name = \"f\"; script = \"#!/bin/sh\\n\";\n"
	 "   inputs = (\n"
	 "    { name = \"a\"; type = \"integer\"; validate = \"t\"; } );\n"
	 " } );\n",
	 "functions.d/x.conf:5: input \"a\": validate has no effect on type \"integer\"; expected it to be left out"},
	{NULL, NULL, NULL},
};
/* clang-format on */
