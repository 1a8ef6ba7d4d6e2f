#include "config-cases.h"

#include <stddef.h>

/* clang-format off */
const struct config_case config_cases[] = {
	{"roles.d/x.role",
	 "description = \"a\";\n"
	 "@include \"/etc/passwd\"\n",
	 "roles.d/x.role:2: @include is refused; expected everything that is read to be in its folder"},
	{"roles.d/x.role",
	 "description = \"a\\x00b\";\n",
	 "roles.d/x.role:1: a string can't hold a NUL byte"},
	{"roles.d/x.role",
	 "description = \"a\n"
	 "b\";\n",
	 "roles.d/x.role:1: this string has no end on its line; expected \""},
	{"roles.d/x.role",
	 "\n"
	 "/* no end\n",
	 "roles.d/x.role:2: this comment has no end; expected */"},
	{"roles.d/x.role",
	 "\n"
	 "\n"
	 "description = \"no end;\n",
	 "roles.d/x.role:3: this string has no end on its line; expected \""},
	{"roles.d/x.role",
	 "description = \"\\x07\";\n",
	 "roles.d/x.role:1: description = \"\\x07\" holds a control character or invalid UTF-8"},
	{"roles.d/x.role",
	 "# \007\n",
	 "roles.d/x.role:1: a control character or invalid UTF-8 (byte 0x07, column 3)"},
	{"roles.d/x.role",
	 "# ok\n"
	 "# \377\n",
	 "roles.d/x.role:2: a control character or invalid UTF-8 (byte 0xff, column 3)"},
	{"roles.d/x.role",
	 "description = \"a\";\n"
	 "description = \"b\";\n"
	 "visible_comands = ();\n"
	 "description = \"c\";\n",
	 "roles.d/x.role:2: \"description\" is given twice; it is already on line 1\n"
	 "roles.d/x.role:4: \"description\" is given twice; it is already on line 1"},
	{"roles.d/x.role",
	 "visible_commands = (\n"
	 " \"journal\",\n"
	 ");\n",
	 "roles.d/x.role:2: a comma after the last element of a list"},
	{"roles.d/x.role",
	 "visible_commands = (\n"
	 " \"journal\" ];\n",
	 "roles.d/x.role:2: \"]\" where \")\" was expected, to close line 1"},
	{"roles.d/x.role",
	 "visible_commands = (\n"
	 " \"journal\";\n",
	 "roles.d/x.role:1: \"(\" is never closed"},
	{"roles.d/x.role",
	 "visible_commands = ( \"journal\" ) );\n",
	 "roles.d/x.role:1: \")\" closes nothing"},
	{"roles.d/x.role",
	 "description = \"a\"\n"
	 "\n"
	 "visible_commands ( \"journal\" );\n",
	 "roles.d/x.role:3: syntax error, here or on the line before; expected NAME = VALUE; with a string, number, true, false, [ array ], ( list ) or { group }"},
	{"roles.d/x.role",
	 "visible_aliases = [ \"jc\",\n"
	 " 1 ];\n",
	 "roles.d/x.role:2: the elements of an array [ ] are not of one type; expected a list ( ) for that"},
	{"roles.d/x.role",
	 "a = ((((((((((((((((((((((((((((((((()))))))))))))))))))))))))))))))));\n",
	 "roles.d/x.role:1: more than 32 brackets in each other"},
	{"roles.d/x.role",
	 "k0 = 1;\n"
	 "k1 = 1;\n"
	 "k2 = 1;\n"
	 "k3 = 1;\n"
	 "k4 = 1;\n"
	 "k5 = 1;\n"
	 "k6 = 1;\n"
	 "k7 = 1;\n"
	 "k8 = 1;\n"
	 "k9 = 1;\n"
	 "k10 = 1;\n"
	 "k11 = 1;\n"
	 "k12 = 1;\n"
	 "k13 = 1;\n"
	 "k14 = 1;\n"
	 "k15 = 1;\n"
	 "k16 = 1;\n"
	 "k17 = 1;\n"
	 "k18 = 1;\n"
	 "k19 = 1;\n"
	 "k20 = 1;\n"
	 "k21 = 1;\n"
	 "k22 = 1;\n"
	 "k23 = 1;\n"
	 "k24 = 1;\n"
	 "k25 = 1;\n"
	 "k26 = 1;\n"
	 "k27 = 1;\n"
	 "k28 = 1;\n"
	 "k29 = 1;\n"
	 "k30 = 1;\n"
	 "k31 = 1;\n"
	 "k32 = 1;\n"
	 "k33 = 1;\n"
	 "k34 = 1;\n"
	 "k35 = 1;\n"
	 "k36 = 1;\n"
	 "k37 = 1;\n"
	 "k38 = 1;\n"
	 "k39 = 1;\n"
	 "k40 = 1;\n"
	 "k41 = 1;\n"
	 "k42 = 1;\n"
	 "k43 = 1;\n"
	 "k44 = 1;\n"
	 "k45 = 1;\n"
	 "k46 = 1;\n"
	 "k47 = 1;\n"
	 "k48 = 1;\n"
	 "k49 = 1;\n"
	 "k50 = 1;\n"
	 "k51 = 1;\n"
	 "k52 = 1;\n"
	 "k53 = 1;\n"
	 "k54 = 1;\n"
	 "k55 = 1;\n"
	 "k56 = 1;\n"
	 "k57 = 1;\n"
	 "k58 = 1;\n"
	 "k59 = 1;\n"
	 "k60 = 1;\n"
	 "k61 = 1;\n"
	 "k62 = 1;\n"
	 "k63 = 1;\n"
	 "k64 = 1;\n",
	 "roles.d/x.role:65: more than 64 keys in one group"},
	{"roles.d/x.role",
	 "descripton = \"a\";\n",
	 "roles.d/x.role:1: key \"descripton\" is unknown; expected one of description, assigned_to, command_definitions, function_definitions, visible_commands, visible_functions, visible_external_commands, visible_aliases, visible_providers, startup_functions, alias_definitions, environment_variables, transcript, transcript_input (did you mean \"description\"?)"},
	{"roles.d/x.role",
	 "colour = \"a\";\n",
	 "roles.d/x.role:1: key \"colour\" is unknown; expected one of description, assigned_to, command_definitions, function_definitions, visible_commands, visible_functions, visible_external_commands, visible_aliases, visible_providers, startup_functions, alias_definitions, environment_variables, transcript, transcript_input"},
	{"roles.d/x.role",
	 "description = 5;\n",
	 "roles.d/x.role:1: description is a number; expected a string"},
	{"roles.d/x.role",
	 "description = \"\";\n"
	 "visible_commands = \"journal\";\n",
	 "roles.d/x.role:2: visible_commands is a string; expected a list ( )"},
	{"roles.d/x.role",
	 "visible_commands = { a = 1; };\n",
	 "roles.d/x.role:1: visible_commands is a group { }; expected a list ( )"},
	{"roles.d/x.role",
	 "visible_commands = (\n"
	 " 1.5\n"
	 " );\n",
	 "roles.d/x.role:2: an element of visible_commands is a number with a decimal point; expected a string"},
	{"roles.d/x.role",
	 "visible_commands = ( { parameters = (); } );\n",
	 "roles.d/x.role:1: key \"name\" is missing"},
	{"roles.d/x.role",
	 "visible_functions = ( \"drain-node\" );\n",
	 "roles.d/x.role:1: function \"drain-node\" is not defined in functions.d or a role (did you mean \"drain node\"?)"},
	{"roles.d/x.role",
	 "visible_commands = (\n"
	 " \"jornal\"\n"
	 ");\n",
	 "roles.d/x.role:2: command \"jornal\" is not defined in commands.d or a role (did you mean \"journal\"?)"},
	{"roles.d/x.role",
	 "visible_commands = ( \"/usr/bin/id\" );\n",
	 "roles.d/x.role:1: \"/usr/bin/id\" in visible_commands is refused; expected a command's name; a program's path belongs into visible_external_commands"},
	{"roles.d/x.role",
	 "visible_commands = ( \"jc\" );\n",
	 "roles.d/x.role:1: grant \"jc\" is an alias; expected it in visible_aliases, and its command here"},
	{"roles.d/x.role",
	 "visible_commands = ( \"a  b\" );\n",
	 "roles.d/x.role:1: \"a  b\" in visible_commands is refused; expected one to four words of letters, digits, \"_\", \".\" and \"-\", with single blanks between them"},
	{"roles.d/x.role",
	 "visible_commands = ( \"zz *\" );\n",
	 "roles.d/x.role:1: grant \"zz *\" matches no command; expected the name of one that is defined"},
	{"roles.d/x.role",
	 "visible_commands = ( { name = \"systemctl *\";\n"
	 " parameters = (); } );\n",
	 "roles.d/x.role:2: grant \"systemctl *\": parameters of a name with \"*\"; expected them for one command at a time"},
	{"roles.d/x.role",
	 "visible_external_commands = [ \"uptime\" ];\n",
	 "roles.d/x.role:1: \"uptime\" in visible_external_commands is refused; expected the full path of a program, without \"//\", \".\" or \"..\""},
	{"roles.d/x.role",
	 "visible_external_commands = [ \"/usr/bin/a b\" ];\n",
	 "roles.d/x.role:1: \"/usr/bin/a b\" in visible_external_commands is refused; expected the full path of a program, without blanks, quotes or any of , : ; * ? ! % \\"},
	{"roles.d/x.role",
	 "visible_external_commands = [ \"/usr/bin/*\" ];\n",
	 "roles.d/x.role:1: \"/usr/bin/*\" in visible_external_commands is refused; expected the full path of a program, without blanks, quotes or any of , : ; * ? ! % \\"},
	{"roles.d/x.role",
	 "visible_aliases = [ \"jd\" ];\n",
	 "roles.d/x.role:1: alias \"jd\" is not defined (did you mean \"jc\"?)"},
	{"roles.d/x.role",
	 "visible_aliases = [ \"unheard\" ];\n",
	 "roles.d/x.role:1: alias \"unheard\" is not defined; expected it in the alias_definitions of a role"},
	{"roles.d/x.role",
	 "visible_providers = [ \"nope\" ];\n",
	 "roles.d/x.role:1: provider \"nope\" is not defined; expected it in providers.d"},
	{"roles.d/x.role",
	 "visible_commands = ( { name = \"journal\"; parameters = (\n"
	 " \"units\" ); } );\n",
	 "roles.d/x.role:2: grant \"journal\": the command has no parameter \"units\" (did you mean \"unit\"?)"},
	{"roles.d/x.role",
	 "visible_commands = ( { name = \"journal\"; parameters = (\n"
	 " \"unit\", \"unit\" ); } );\n",
	 "roles.d/x.role:2: grant \"journal\": parameter \"unit\" is listed twice; expected one entry with all"},
	{"roles.d/x.role",
	 "visible_commands = ( { name = \"journal\"; parameters = (\n"
	 " { name = \"unit\"; set = []; } ); } );\n",
	 "roles.d/x.role:2: parameter \"unit\": set is empty; expected at least one element"},
	{"roles.d/x.role",
	 "visible_commands = ( { name = \"journal\"; parameters = (\n"
	 " { name = \"unit\"; set = \"a.service\"; } ); } );\n",
	 "roles.d/x.role:2: parameter \"unit\": set is a string; expected an array [ ] or a list ( ) of strings"},
	{"roles.d/x.role",
	 "visible_commands = ( { name = \"journal\"; parameters = (\n"
	 " { name = \"unit\"; set = [ \"a.service\",\n"
	 " \"not a unit\" ]; } ); } );\n",
	 "roles.d/x.role:2: grant \"journal\": parameter \"unit\": \"not a unit\" in the set can never be given; expected a unit"},
	{"roles.d/x.role",
	 "visible_commands = ( { name = \"journal\"; parameters = (\n"
	 " { name = \"unit\"; set = [ \"a.service\", \"a.service\" ]; } ); } );\n",
	 "roles.d/x.role:2: parameter \"unit\": \"a.service\" in set is given twice"},
	{"roles.d/x.role",
	 "visible_commands = ( { name = \"journal\"; parameters = (\n"
	 " { name = \"unit\"; set = [ 5 ]; } ); } );\n",
	 "roles.d/x.role:2: grant \"journal\": parameter \"unit\": numbers in the set of type \"string\"; expected strings"},
	{"roles.d/x.role",
	 "visible_commands = ( { name = \"journal\"; parameters = (\n"
	 " { name = \"lines\"; set = [ -6 ]; } ); } );\n",
	 "roles.d/x.role:2: grant \"journal\": parameter \"lines\": \"-6\" in the set can never be given; expected a whole number from -5 to 9000000000"},
	{"roles.d/x.role",
	 "visible_commands = ( { name = \"journal\"; parameters = (\n"
	 " { name = \"order\"; set = [ \"sideways\" ]; } ); } );\n",
	 "roles.d/x.role:2: grant \"journal\": parameter \"order\": \"sideways\" in the set can never be given; expected one of: up, down"},
	{"roles.d/x.role",
	 "visible_commands = ( { name = \"journal\"; parameters = (\n"
	 " { name = \"follow\"; set = [ \"true\" ]; } ); } );\n",
	 "roles.d/x.role:2: grant \"journal\": parameter \"follow\" is a flag, which has no value; expected neither set nor pattern"},
	{"roles.d/x.role",
	 "visible_commands = ( { name = \"journal\"; parameters = (\n"
	 " { name = \"match\";\n"
	 " pattern = \"a(b\"; } ); } );\n",
	 "roles.d/x.role:3: grant \"journal\": parameter \"match\": pattern = \"a(b\" is refused: missing closing parenthesis (at byte 4)"},
	{"roles.d/x.role",
	 "visible_commands = ( { name = \"journal\"; parameters = (\n"
	 " { name = \"match\"; pattern = \"\"; } ); } );\n",
	 "roles.d/x.role:2: parameter \"match\": pattern = \"\" is refused; expected something in it"},
	{"roles.d/x.role",
	 "visible_commands = ( { name = \"journal\"; parameters = (\n"
	 " { name = \"match\"; patern = \"a\"; } ); } );\n",
	 "roles.d/x.role:2: parameter \"match\": key \"patern\" is unknown; expected one of name, set, pattern (did you mean \"pattern\"?)"},
	{"roles.d/x.role",
	 "alias_definitions = ( { name = \"jc\"; command = \"systemctl stop\"; } );\n",
	 "roles.d/x.role:1: alias \"jc\" is already \"journal\" at roles.d/web.role:14"},
	{"roles.d/x.role",
	 "alias_definitions = ( { name = \"journal\"; command = \"systemctl stop\"; } );\n",
	 "roles.d/x.role:1: alias \"journal\" is also the name of a command at commands.d/base.conf:2"},
	{"roles.d/x.role",
	 "alias_definitions = ( { name = \"z\"; command = \"nothing\"; } );\n",
	 "roles.d/x.role:1: alias \"z\": command \"nothing\" is not defined"},
	{"roles.d/x.role",
	 "alias_definitions = ( { name = \"z\"; command = \"a  b\"; } );\n",
	 "roles.d/x.role:1: alias \"z\": command = \"a  b\" is refused; expected one to four words of letters, digits, \"_\", \".\" and \"-\", with single blanks between them"},
	{"roles.d/x.role",
	 "alias_definitions = ( { name = \"a b\"; command = \"journal\"; } );\n",
	 "roles.d/x.role:1: alias \"a b\": name = \"a b\" is refused; expected a name of letters, digits, \"_\", \".\" and \"-\", beginning with none of the last two, at most 64 bytes"},
	{"roles.d/x.role",
	 "environment_variables = ( { name = \"COLORS\"; value = \"1\"; } );\n",
	 "roles.d/x.role:1: variable \"COLORS\" is already \"0\" at roles.d/web.role:16"},
	{"roles.d/x.role",
	 "environment_variables = (\n"
	 " { name = \"A\"; value = \"1\"; },\n"
	 " { name = \"A\"; value = \"1\"; } );\n",
	 "roles.d/x.role:3: variable \"A\" is given twice"},
	{"roles.d/x.role",
	 "environment_variables = ( { name = \"LD_PRELOAD\"; value = \"1\"; } );\n",
	 "roles.d/x.role:1: variable \"LD_PRELOAD\": name = \"LD_PRELOAD\" is refused; expected a variable that begins with neither LD_ nor ROLEGATE_"},
	{"roles.d/x.role",
	 "environment_variables = ( { name = \"rolegate_input_unit\"; value = \"1\"; } );\n",
	 "roles.d/x.role:1: variable \"rolegate_input_unit\": name = \"rolegate_input_unit\" is refused; expected a variable that doesn't begin with rolegate_, as a function's inputs do"},
	{"roles.d/x.role",
	 "environment_variables = ( { name = \"PATH\"; value = \"1\"; } );\n",
	 "roles.d/x.role:1: variable \"PATH\": name = \"PATH\" is refused; expected a variable that is neither the gateway's own nor read by shells"},
	{"roles.d/x.role",
	 "environment_variables = ( { name = \"A-B\"; value = \"1\"; } );\n",
	 "roles.d/x.role:1: variable \"A-B\": name = \"A-B\" is refused; expected the name of an environment variable: letters, digits and \"_\""},
	{"roles.d/x.role",
	 "environment_variables = ( { name = \"A\"; } );\n",
	 "roles.d/x.role:1: variable \"A\": key \"value\" is missing"},
	{"commands.d/x.conf",
	 "",
	 "commands.d/x.conf: key \"commands\" is missing"},
	{"commands.d/x.conf",
	 "commands = ( 5, \"x\" );\n",
	 "commands.d/x.conf:1: commands has a number in it; expected groups { }\n"
	 "commands.d/x.conf:1: commands has a string in it; expected groups { }"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"journal\"; program = \"/bin/x\"; } );\n",
	 "commands.d/x.conf:2: command \"journal\" is already defined at commands.d/base.conf:2"},
	{"roles.d/x.role",
	 "command_definitions = (\n"
	 " { name = \"systemctl stop\"; program = \"/bin/x\"; } );\n",
	 "roles.d/x.role:2: command \"systemctl stop\" is already defined at commands.d/base.conf:19"},
	{"commands.d/x.conf",
	 "commands = ( { name = \"x\"; } );\n",
	 "commands.d/x.conf:1: command \"x\": key \"program\" is missing"},
	{"trusted.d/x.conf",
	 "trusted = ( { path = \"/usr/bin/x\"; level = \"trusted\";\n"
	 "  content_hash = \"sha256:584a331fd6b02dcb1ecbe2eba731f609a2e1e3dac0bb73ae998dfad14c309a77\"; } );\n",
	 "trusted.d/x.conf:1: key \"id\" is missing; expected a UUID, as \"rolegatectl trust add\" makes one with the whole entry"},
	{"commands.d/x.conf",
	 "commands = ( { program = \"/usr/bin/x\"; } );\n",
	 "commands.d/x.conf:1: key \"name\" is missing"},
	{"commands.d/x.conf",
	 "commands = ( { name = \"x\"; program = \"x\"; } );\n",
	 "commands.d/x.conf:1: command \"x\": program = \"x\" is refused; expected an absolute path without \"//\", \".\", \"..\" or a slash at its end"},
	{"commands.d/x.conf",
	 "commands = ( { name = \"x\"; program = \"/usr/../x\"; } );\n",
	 "commands.d/x.conf:1: command \"x\": program = \"/usr/../x\" is refused; expected an absolute path without \"//\", \".\", \"..\" or a slash at its end"},
	{"commands.d/x.conf",
	 "commands = ( { name = \"a b c d e\"; program = \"/usr/bin/x\"; } );\n",
	 "commands.d/x.conf:1: command \"a b c d e\": name = \"a b c d e\" is refused; expected one to four words of letters, digits, \"_\", \".\" and \"-\", with single blanks between them"},
	{"commands.d/x.conf",
	 "commands = ( { name = \"jc\"; program = \"/usr/bin/x\"; } );\n",
	 "roles.d/web.role:14: alias \"jc\" is also the name of a command at commands.d/x.conf:1"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; run_as = \"virtual\"; } );\n",
	 "commands.d/x.conf:2: command \"x\": run_as = \"virtual\" is refused; expected an account or \"caller\": virtual accounts are not supported by this version"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; run_as = \"0\"; } );\n",
	 "commands.d/x.conf:2: command \"x\": run_as = \"0\" is refused; expected the name of an account (not a number), or \"caller\""},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; run_as = 0; } );\n",
	 "commands.d/x.conf:2: command \"x\": run_as is a number; expected a string"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; profile = \"read-onyl\"; } );\n",
	 "commands.d/x.conf:2: command \"x\": profile = \"read-onyl\" is unknown; expected one of base, child, content-editor, read-only, read-only-offline, service-control, standard, unrestricted, user-drive (did you mean \"read-only\"?)"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; enabled = \"yes\"; } );\n",
	 "commands.d/x.conf:2: command \"x\": enabled is a string; expected true or false"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; emit = \"glued\"; } );\n",
	 "commands.d/x.conf:2: command \"x\": emit = \"glued\" is unknown; expected one of joined, separate"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; timeout = 0; } );\n",
	 "commands.d/x.conf:2: command \"x\": timeout = 0 is out of range; expected 1 to 31622400"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; timeout = 99999999999; } );\n",
	 "commands.d/x.conf:2: the number 99999999999 needs more than 32 bits; expected an L behind it: 99999999999L"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; timeout = 99999999999999999999L; } );\n",
	 "commands.d/x.conf:2: the number 99999999999999999999L is too large"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; timeout = 1.5; } );\n",
	 "commands.d/x.conf:2: command \"x\": timeout is a number with a decimal point; expected a whole number"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; directory = \"tmp\"; } );\n",
	 "commands.d/x.conf:2: command \"x\": directory = \"tmp\" is refused; expected an absolute path without \"//\", \".\", \"..\" or a slash at its end"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; environment = ( { name = \"HOME\"; value = \"/\"; } ); } );\n",
	 "commands.d/x.conf:2: variable \"HOME\": name = \"HOME\" is refused; expected a variable that is neither the gateway's own nor read by shells"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; arguments = [ 1 ]; } );\n",
	 "commands.d/x.conf:2: command \"x\": an element of arguments is a number; expected a string"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": a string needs \"validate\" or \"pattern\"; expected validate = \"none\" if any text will do"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"strnig\"; validate = \"none\"; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": type = \"strnig\" is unknown; expected one of string, integer, flag, choice, path, drive-file (did you mean \"string\"?)"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"unit\";\n"
	 " validate = \"systemd-unitt\"; } ); } );\n",
	 "commands.d/x.conf:4: parameter \"unit\": validate = \"systemd-unitt\" is unknown; expected one of hostname, ip-address, cidr, port, email, user, group, systemd-unit, file-name, absolute-path, uuid, date, identifier, printable-text, none, ticket (did you mean \"systemd-unit\"?)"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; validate = \"nothing\"; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": validate = \"nothing\" is unknown; expected one of hostname, ip-address, cidr, port, email, user, group, systemd-unit, file-name, absolute-path, uuid, date, identifier, printable-text, none, ticket"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a b\"; validate = \"none\"; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a b\": name = \"a b\" is refused; expected a name of letters, digits, \"_\", \".\" and \"-\", beginning with none of the last two, at most 64 bytes"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; validate = \"none\"; options = []; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": options is empty; expected at least one element"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; validate = \"none\"; options = [ \"x\" ]; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": \"x\" in options is refused; expected an option such as \"-u\", \"--unit\" or \"-unit\""},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; validate = \"none\"; options = [ \"--x=y\" ]; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": \"--x=y\" in options is refused; expected an option such as \"-u\", \"--unit\" or \"-unit\""},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; validate = \"none\"; },\n"
	 " { name = \"a\"; validate = \"none\"; options = [ \"-a\" ]; } ); } );\n",
	 "commands.d/x.conf:4: command \"x\": parameter \"a\": the name is given twice"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; validate = \"none\"; },\n"
	 " { name = \"b\"; validate = \"none\"; options = [ \"--a\" ]; } ); } );\n",
	 "commands.d/x.conf:4: command \"x\": parameter \"b\": option \"--a\" is given twice"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; validate = \"none\"; position = 0; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": position = 0 is out of range; expected 1 to 256"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; validate = \"none\"; position = 2; } ); } );\n",
	 "commands.d/x.conf:3: command \"x\": parameter \"a\": position = 2, but none has position = 1; expected 1 to n without gaps"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; validate = \"none\"; position = 1; },\n"
	 " { name = \"b\"; validate = \"none\"; position = 1; } ); } );\n",
	 "commands.d/x.conf:4: command \"x\": parameter \"b\": position = 1 is parameter \"a\" already"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; validate = \"none\"; position = 1; repeat = 2; },\n"
	 " { name = \"b\"; validate = \"none\"; position = 2; } ); } );\n",
	 "commands.d/x.conf:3: command \"x\": parameter \"a\": repeat is for the last operand alone; expected 1"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; validate = \"none\"; position = 1; },\n"
	 " { name = \"b\"; validate = \"none\"; position = 2; required = true; } ); } );\n",
	 "commands.d/x.conf:4: command \"x\": parameter \"b\": a required operand follows an optional one"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"flag\"; position = 1; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": position has no effect on type \"flag\"; expected it to be left out"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"flag\";\n"
	 " validate = \"none\"; } ); } );\n",
	 "commands.d/x.conf:4: parameter \"a\": validate has no effect on type \"flag\"; expected it to be left out"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"integer\"; pattern = \"1\"; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": pattern has no effect on type \"integer\"; expected it to be left out"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"integer\"; choices = [ \"1\" ]; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": choices has no effect on type \"integer\"; expected it to be left out"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"integer\"; max_length = 5; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": max_length has no effect on type \"integer\"; expected it to be left out"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; validate = \"none\";\n"
	 " minimum = 1; } ); } );\n",
	 "commands.d/x.conf:4: parameter \"a\": minimum has no effect on type \"string\"; expected it to be left out"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"integer\"; minimum = 5; maximum = 4; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": minimum = 5 is above maximum = 4"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"integer\"; minimum = \"1\"; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": minimum is a string; expected a whole number"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"choice\"; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": key \"choices\" is missing; type \"choice\" needs it"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"choice\"; choices = []; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": choices is empty; expected at least one element"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"choice\"; choices = [ \"x\", \"x\" ]; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": \"x\" in choices is given twice"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"choice\"; choices = [ \"-x\" ]; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": choice \"-x\" can never be given; expected a value that doesn't start with \"-\""},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; validate = \"none\"; under = [ \"/var\" ]; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": under is for paths; expected type = \"path\" or validate = \"absolute-path\""},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"path\"; under = [ \"var\" ]; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": \"var\" in under is refused; expected an absolute path without \"//\", \".\", \"..\" or a slash at its end"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"path\"; under = []; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": under is empty; expected at least one element"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"path\"; validate = \"hostname\"; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": validate = \"hostname\" of a path; expected \"absolute-path\", which it is anyway"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; pattern = \"(\"; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": pattern = \"(\" is refused: missing closing parenthesis (at byte 2)"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; pattern = \"a\";\n"
	 " required = true; default = \"a\"; } ); } );\n",
	 "commands.d/x.conf:4: parameter \"a\": a required parameter never needs its default; expected one of the two"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; pattern = \"a\";\n"
	 " default = \"b\"; } ); } );\n",
	 "commands.d/x.conf:4: parameter \"a\": default = \"b\" is not valid; expected a value that matches a"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"integer\"; maximum = 5; default = 6; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": default = \"6\" is not valid; expected a whole number, 5 or less"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"integer\"; default = true; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": default is true or false; expected a string"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; type = \"flag\"; default = \"yes\"; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": default of a flag: expected true or false"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; validate = \"none\"; repeat = 0; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": repeat = 0 is out of range; expected 1 to 1024"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; validate = \"none\"; max_length = 5000; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": max_length = 5000 is out of range; expected 1 to 4096"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; validate = \"none\"; message = \"\"; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": message = \"\" is refused; expected something in it"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/usr/bin/x\"; parameters = (\n"
	 " { name = \"a\"; validate = \"none\"; required = 1; } ); } );\n",
	 "commands.d/x.conf:3: parameter \"a\": required is a number; expected true or false"},
	{"rolegate.conf",
	 "",
	 "rolegate.conf: key \"endpoints\" is missing"},
	{"rolegate.conf",
	 "endpoint = ();\n"
	 "endpoints = ();\n",
	 "rolegate.conf:1: key \"endpoint\" is unknown; expected one of audit_failure, event_log, sessions, validators, endpoints, trusted_keys, trusted (did you mean \"endpoints\"?)"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; },\n"
	 " { name = \"e\"; } );\n",
	 "rolegate.conf:3: endpoint \"e\" is already defined at rolegate.conf:2"},
	{"rolegate.conf",
	 "endpoints = ( { run_as = \"svc\"; } );\n",
	 "rolegate.conf:1: key \"name\" is missing"},
	{"rolegate.conf",
	 "endpoints = ( { name = \"control\"; } );\n",
	 "rolegate.conf:1: endpoint \"control\": name = \"control\" is refused; expected another name: the gateway has a socket of this name already"},
	{"rolegate.conf",
	 "endpoints = ( { name = \"../e\"; } );\n",
	 "rolegate.conf:1: endpoint \"../e\": name = \"../e\" is refused; expected a name of letters, digits, \"_\", \".\" and \"-\", beginning with none of the last two, at most 64 bytes"},
	{"rolegate.conf",
	 "endpoints = ();\n"
	 "sessions = 1025;\n",
	 "rolegate.conf:2: sessions = 1025 is out of range; expected 16 to 1024"},
	{"rolegate.conf",
	 "endpoints = ( { name = \"e\"; service_timeout = 0; } );\n",
	 "rolegate.conf:1: endpoint \"e\": service_timeout = 0 is out of range; expected 1 to 300"},
	{"rolegate.conf",
	 "endpoints = ();\n"
	 "audit_failure = \"ignore\";\n",
	 "rolegate.conf:2: audit_failure = \"ignore\" is unknown; expected one of deny, continue"},
	{"rolegate.conf",
	 "endpoints = ();\n"
	 "event_log = \"events\";\n",
	 "rolegate.conf:2: event_log = \"events\" is refused; expected \"recorder\", or an absolute path without \"//\", \".\", \"..\" or a slash at its end"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; profile = \"virtual\"; } );\n",
	 "rolegate.conf:2: endpoint \"e\": profile = \"virtual\" is unknown; expected one of base, child, content-editor, read-only, read-only-offline, service-control, standard, unrestricted, user-drive"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; user_drive = { maximum_size = \"50X\"; keep = \"soon\"; quota = 1; }; } );\n",
	 "rolegate.conf:2: endpoint \"e\": key \"quota\" is unknown; expected one of maximum_size, maximum_files, maximum_copies, keep, read_only, run_as, program\n"
	 "rolegate.conf:2: endpoint \"e\": maximum_size is refused; expected a size such as \"50M\" (K, M, G or T), at least 4K\n"
	 "rolegate.conf:2: endpoint \"e\": keep = \"soon\" is refused; expected a time such as \"30d\" (s, m, h, d or w), at most ten years"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; merge = \"JEA\"; } );\n",
	 "rolegate.conf:2: endpoint \"e\": merge = \"JEA\" is unknown; expected one of jea, single-role"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; transcript = \"requierd\"; } );\n",
	 "rolegate.conf:2: endpoint \"e\": transcript = \"requierd\" is unknown; expected one of off, best-effort, required (did you mean \"required\"?)"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; transcript_input = \"yes\"; } );\n",
	 "rolegate.conf:2: endpoint \"e\": transcript_input is a string; expected true or false"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/x\"; transcript = \"none\"; } );\n",
	 "commands.d/x.conf:2: command \"x\": transcript = \"none\" is unknown; expected one of off, best-effort, required"},
	{"commands.d/x.conf",
	 "commands = (\n"
	 " { name = \"x\"; program = \"/x\"; terminal = \"require\"; } );\n",
	 "commands.d/x.conf:2: command \"x\": terminal = \"require\" is unknown; expected one of any, required (did you mean \"required\"?)"},
	{"roles.d/x.role",
	 "transcript = true;\n",
	 "roles.d/x.role:1: transcript is true or false; expected a string"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"recorder\"; run_as = \"svc\"; } );\n",
	 "rolegate.conf:2: endpoint \"recorder\": name = \"recorder\" is refused; expected another name: the gateway has a socket of this name already"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; audit = \"all\"; } );\n",
	 "rolegate.conf:2: endpoint \"e\": audit = \"all\" is unknown; expected one of none, violations, standard, full"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; authenticate = \"once\"; } );\n",
	 "rolegate.conf:2: endpoint \"e\": authenticate = \"once\" is unknown; expected one of never, session, always"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; audit_failure = false; } );\n",
	 "rolegate.conf:2: endpoint \"e\": audit_failure is true or false; expected a string"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; act_as = (\n"
	 " { users = [ \"dana\" ]; commands = [ \"*\" ]; },\n"
	 " { group = \"ops\"; users = []; commands = [ \"*\" ]; },\n"
	 " { group = \"ops\"; users = [ \"1000\" ]; commands = [ \"*\" ]; },\n"
	 " { group = \"ops\"; user = \"dana\"; commands = [ \"*\" ]; },\n"
	 " { group = \"ops\"; commands = []; } ); } );\n",
	 "rolegate.conf:3: endpoint \"e\": key \"group\" is missing\n"
	 "rolegate.conf:4: endpoint \"e\": users is empty; expected at least one element\n"
	 "rolegate.conf:5: endpoint \"e\": \"1000\" in users is refused; expected the name of an account (not a number): letters, digits, \"_\", \".\" and \"-\", at most 32 bytes\n"
	 "rolegate.conf:6: endpoint \"e\": key \"user\" is unknown; expected one of group, users, commands (did you mean \"users\"?)\n"
	 "rolegate.conf:7: endpoint \"e\": commands is empty; expected at least one element"},
	{"rolegate.conf",
	 "endpoints = ( { name = \"e\"; run_as = \"svc\"; act_as = (\n"
	 " { group = \"ops\"; commands = [ \"nosuch\", \"no*such\" ]; } ); } );\n",
	 "rolegate.conf:2: act_as: \"nosuch\" names no command or function; expected the name of one that is defined\n"
	 "rolegate.conf:2: act_as: \"no*such\" names no command or function; expected the name of one that is defined"},
	{"rolegate.conf",
	 "endpoints = ( { name = \"e\"; run_as = \"svc\"; act_as = (); } );\n",
	 "rolegate.conf:1: endpoint \"e\": act_as is empty; expected at least one element"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; motd = \"a\\x1bb\"; pipelines = 1;\n"
	 "   contact = \"\"; } );\n",
	 "rolegate.conf:2: endpoint \"e\": motd = \"a\\x1bb\" holds a control character or invalid UTF-8\n"
	 "rolegate.conf:2: endpoint \"e\": pipelines is a number; expected true or false\n"
	 "rolegate.conf:3: endpoint \"e\": contact has 0 bytes; expected 1 to 200"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; contact = \"a\\nb\"; } );\n",
	 "rolegate.conf:2: endpoint \"e\": contact = \"a\\x0ab\" holds a control character or invalid UTF-8"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; sessions_per_user = 0; } );\n",
	 "rolegate.conf:2: endpoint \"e\": sessions_per_user = 0 is out of range; expected 1 to 10000"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; request_size = 120001; } );\n",
	 "rolegate.conf:2: endpoint \"e\": request_size = 120001 is out of range; expected 1024 to 120000"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; handshake_timeout = -1; } );\n",
	 "rolegate.conf:2: endpoint \"e\": handshake_timeout = -1 is out of range; expected 1 to 3600"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; allow_unset_loginuid = 1; } );\n",
	 "rolegate.conf:2: endpoint \"e\": allow_unset_loginuid is a number; expected true or false"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; role_definitions = ( { user = \"dana\"; } ); } );\n",
	 "rolegate.conf:2: endpoint \"e\": key \"roles\" is missing"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; role_definitions = ( { user = \"dana\"; roles = []; } ); } );\n",
	 "rolegate.conf:2: endpoint \"e\": roles is empty; expected at least one element"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; role_definitions = ( { user = \"dana\"; group = \"g\"; roles = [ \"web\" ]; } ); } );\n",
	 "rolegate.conf:2: endpoint \"e\": role_definitions: expected exactly one of \"user\" and \"group\""},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; role_definitions = ( { roles = [ \"web\" ]; } ); } );\n",
	 "rolegate.conf:2: endpoint \"e\": role_definitions: expected exactly one of \"user\" and \"group\""},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; role_definitions = ( { user = \"dana\"; roles = [\n"
	 " \"wev\" ]; } ); } );\n",
	 "rolegate.conf:3: endpoint \"e\": role \"wev\" does not exist; expected a file roles.d/wev.role (did you mean \"web\"?)"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; role_definitions = ( { user = \"1000\"; roles = [ \"web\" ]; } ); } );\n",
	 "rolegate.conf:2: endpoint \"e\": user = \"1000\" is refused; expected the name of an account (not a number): letters, digits, \"_\", \".\" and \"-\", at most 32 bytes"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; role_definitions = ( { group = \"a,b\"; roles = [ \"web\" ]; } ); } );\n",
	 "rolegate.conf:2: endpoint \"e\": group = \"a,b\" is refused; expected the name of a group (not a number): letters, digits, \"_\", \".\" and \"-\", at most 32 bytes"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; required_groups = {}; } );\n",
	 "rolegate.conf:2: endpoint \"e\": required_groups: expected exactly one of \"all\" and \"any\" in a group { }"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; required_groups = { all = []; }; } );\n",
	 "rolegate.conf:2: endpoint \"e\": all is empty; expected at least one element"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; required_groups = { all = [ \"a\" ]; any = [ \"b\" ]; }; } );\n",
	 "rolegate.conf:2: endpoint \"e\": required_groups: expected exactly one of \"all\" and \"any\" in a group { }"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; required_groups = { al = [ \"a\" ]; }; } );\n",
	 "rolegate.conf:2: endpoint \"e\": key \"al\" is unknown; expected one of all, any (did you mean \"all\"?)\n"
	 "rolegate.conf:2: endpoint \"e\": required_groups: expected exactly one of \"all\" and \"any\" in a group { }"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; required_groups = [ \"a\" ]; } );\n",
	 "rolegate.conf:2: endpoint \"e\": required_groups: expected the name of a group, or { all = ( ... ); } or { any = ( ... ); }"},
	{"rolegate.conf",
	 "endpoints = (\n"
	 " { name = \"e\"; run_as = \"svc\"; required_groups = { any = ( \"a\", 5 ); }; } );\n",
	 "rolegate.conf:2: endpoint \"e\": required_groups: expected the name of a group, or { all = ( ... ); } or { any = ( ... ); }"},
	{"providers.d/x.conf",
	 "providers = (\n"
	 " { name = \"web-logs\"; read = [ \"/\" ]; } );\n",
	 "providers.d/x.conf:2: provider \"web-logs\" is already defined at providers.d/base.conf:1"},
	{"providers.d/x.conf",
	 "providers = ( { name = \"x\"; } );\n",
	 "providers.d/x.conf:1: provider has neither \"read\" nor \"write\"; expected a list of paths in one of them"},
	{"providers.d/x.conf",
	 "providers = ( { name = \"x\"; read = [ \"var\" ]; } );\n",
	 "providers.d/x.conf:1: provider \"x\": \"var\" in read is refused; expected an absolute path without \"//\", \".\", \"..\" or a slash at its end"},
	{"providers.d/x.conf",
	 "provider = ();\n",
	 "providers.d/x.conf: key \"providers\" is missing\n"
	 "providers.d/x.conf:1: key \"provider\" is unknown; expected one of providers (did you mean \"providers\"?)"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   exekute = \"none\"; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": key \"exekute\" is unknown; expected one of name, description, extends, execute, network, filesystem, capabilities, system_calls, limits, blocked_commands, allowed_commands, classes, audit, if_unsupported (did you mean \"execute\"?)"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   execute = \"nobe\"; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": execute = \"nobe\" is unknown; expected one of none, any (did you mean \"none\"?)"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   execute = true; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": execute is true or false; expected \"none\", \"any\", or a list of paths"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   execute = []; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": execute is empty; expected \"none\", \"any\", or at least one path"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   execute = [ \"none\" ]; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": \"none\" in execute is refused; expected the full path of a file, without \"//\", \".\" or \"..\""},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   execute = [ \"/\" ]; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": \"/\" in execute is refused; expected the full path of a file, without \"//\", \".\" or \"..\""},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   execute = [ \"/usr/bin/a\", \"/usr/bin/a\" ]; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": \"/usr/bin/a\" in execute is given twice"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   network = \"some\"; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": network = \"some\" is unknown; expected one of none, local, any"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   network = 1; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": network is a number; expected a string"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   filesystem = \"all\"; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": filesystem = \"all\" is unknown; expected one of any, providers"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   filesystem = [ \"/\" ]; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": filesystem is an array [ ]; expected \"any\", \"providers\", or a group { }"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   filesystem = { raed = [ \"/\" ]; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": key \"raed\" is unknown; expected one of providers, read, write, hidden, protect, proc, tmp (did you mean \"read\"?)"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   filesystem = { read = [ \"srv\" ]; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": \"srv\" in read is refused; expected an absolute path without \"//\", \".\", \"..\" or a slash at its end"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   filesystem = { read = [ \"/srv/\" ]; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": \"/srv/\" in read is refused; expected an absolute path without \"//\", \".\", \"..\" or a slash at its end"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   filesystem = { read = \"/srv\"; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": read is a string; expected an array [ ] or a list ( ) of strings"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   filesystem = { hidden = []; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": hidden is empty; expected at least one element"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   filesystem = { protect = [ \"a/b\" ]; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": \"a/b\" in protect is refused; expected a name without \"/\", in which \"*\" stands for anything"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   filesystem = { protect = [ \"\" ]; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": \"\" in protect is refused; expected a name without \"/\", in which \"*\" stands for anything"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   filesystem = { proc = \"mine\"; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": proc = \"mine\" is unknown; expected one of shared, own"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   filesystem = { tmp = true; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": tmp is true or false; expected a string"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   filesystem = { providers = \"yes\"; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": providers is a string; expected true or false"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   capabilities = [ \"CAP_NET_RAV\" ]; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": \"CAP_NET_RAV\" in capabilities is unknown; expected a name of capabilities(7), such as CAP_NET_RAW (did you mean \"CAP_NET_RAW\"?)"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   capabilities = [ \"cap_net_raw\", \"13\" ]; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": \"cap_net_raw\" in capabilities is unknown; expected a name of capabilities(7), such as CAP_NET_RAW\n"
	 "profiles.d/x.conf:3: profile \"p\": \"13\" in capabilities is unknown; expected a name of capabilities(7), such as CAP_NET_RAW"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   capabilities = [ \"CAP_KILL\", \"CAP_KILL\" ]; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": \"CAP_KILL\" in capabilities is given twice"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   system_calls = [ \"mount\" ]; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": system_calls is an array [ ]; expected a group { }"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   system_calls = { deny = [ \"@mounts\", \"@nothing-like-it\" ]; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": \"@mounts\" in deny is unknown; expected the name of a set, such as @mount (did you mean \"@mount\"?)\n"
	 "profiles.d/x.conf:3: profile \"p\": \"@nothing-like-it\" in deny is unknown; expected the name of a set, such as @mount"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   system_calls = { deny = [ \"mount2\", \"@\" ]; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": \"mount2\" in deny is unknown; expected the name of a system call, or of a set, such as @mount (did you mean \"@mount\"?)\n"
	 "profiles.d/x.conf:3: profile \"p\": \"@\" in deny is unknown; expected the name of a set, such as @mount"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   system_calls = { deny = [ \"mount\", \"mount\" ]; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": \"mount\" in deny is given twice"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   system_calls = { deny = []; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": deny is empty; expected at least one element"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   system_calls = { deny = [ \"execve\" ]; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": no program starts without the system call execve; expected others, and \"execute\" for what may be started"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   system_calls = { deny = [ \"exit_group\" ]; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": no program starts without the system call exit_group; expected others"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   system_calls = { allow = [ \"mount\" ]; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": nothing in system_calls.allow is denied by a profile that this one extends"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   extends = \"standard\"; system_calls = { allow = [ \"getpid\" ]; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": nothing in system_calls.allow is denied by a profile that this one extends"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   extends = \"standard\"; system_calls = { deny = [ \"getpid\" ];\n"
	 "   allow = [ \"getpid\" ]; }; } );\n",
	 "profiles.d/x.conf:4: profile \"p\": system_calls.allow has what deny has too; expected in \"allow\" only what the profile that it extends denies"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   limits = { memory = \"512m\"; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": memory = \"512m\" is refused; expected a size such as \"512M\" (K, M, G or T), at least 1M"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   limits = { memory = \"M\"; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": memory = \"M\" is refused; expected a size such as \"512M\" (K, M, G or T), at least 1M"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   limits = { memory = \"1.5G\"; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": memory = \"1.5G\" is refused; expected a size such as \"512M\" (K, M, G or T), at least 1M"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   limits = { memory = \"99999999999999999999\"; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": memory = \"99999999999999999999\" is refused; expected a size such as \"512M\" (K, M, G or T), at least 1M"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   limits = { memory = \"9999999T\"; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": memory = \"9999999T\" is refused; expected a size such as \"512M\" (K, M, G or T), at least 1M"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   limits = { memory = 1000; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": memory = 1000 is refused; expected a size such as \"512M\" (K, M, G or T), at least 1M"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   limits = { memory = true; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": memory is true or false; expected a size such as \"512M\" (K, M, G or T), at least 1M"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   limits = { file_size = -1; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": file_size = -1 is refused; expected a size such as \"512M\" (K, M, G or T)"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   limits = { processes = 0; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": processes = 0 is refused; expected a whole number from 1 to 4194304"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   limits = { processes = \"64\"; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": processes is a string; expected a whole number from 1 to 4194304"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   limits = { open_files = 3; seconds = 0;\n"
	 "   cpu_percent = 0; cpu_seconds = 4294967297L; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": open_files = 3 is refused; expected a whole number from 8 to 1048576\n"
	 "profiles.d/x.conf:3: profile \"p\": seconds = 0 is refused; expected a whole number from 1 to 31622400\n"
	 "profiles.d/x.conf:4: profile \"p\": cpu_seconds = 4294967297 is refused; expected a whole number from 1 to 31622400\n"
	 "profiles.d/x.conf:4: profile \"p\": cpu_percent = 0 is refused; expected a whole number from 1 to 1000000"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   limits = { files = 3; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": key \"files\" is unknown; expected one of processes, memory, cpu_seconds, cpu_percent, file_size, open_files, seconds"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   limits = 5; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": limits is a number; expected a group { }"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   blocked_commands = []; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": blocked_commands is empty; expected at least one element"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   blocked_commands = [ \"a  b\" ]; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": \"a  b\" in blocked_commands is refused; expected words of letters, digits, \"_\", \".\", \"-\" and \"*\", with single blanks between them"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   blocked_commands = [ \"/usr/../bin/id\" ]; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": \"/usr/../bin/id\" in blocked_commands is refused; expected the full path of a program, in which \"*\" stands for anything"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   blocked_commands = [ \"a\" ];\n"
	 "   allowed_commands = [ \"a\", \"b\" ]; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": \"a\" is in blocked_commands and in allowed_commands; expected one of them"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   allowed_commands = []; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": allowed_commands is empty; expected at least one element"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   classes = []; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": classes is empty; expected at least one element"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   classes = [ \"readonly\" ]; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": \"readonly\" in classes is unknown; expected one of read-only, write-capable, elevated (did you mean \"read-only\"?)"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   classes = [ \"elevated\", \"elevated\" ]; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": \"elevated\" in classes is given twice"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   audit = \"all\"; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": audit = \"all\" is unknown; expected one of none, violations, standard, full"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   if_unsupported = \"ignore\"; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": if_unsupported = \"ignore\" is unknown; expected one of error, warn"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   extends = \"standrad\"; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": extends = \"standrad\" is not defined; expected the name of a profile (did you mean \"standard\"?)"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   extends = \"p\"; } );\n",
	 "profiles.d/x.conf:3: profile \"p\" extends itself; expected the name of another profile"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"a\"; extends = \"standard\"; },\n"
	 " { name = \"b\"; extends = \"a\"; },\n"
	 " { name = \"c\"; extends = \"b\"; } );\n",
	 "profiles.d/x.conf:3: profile \"b\" extends \"a\", which extends \"standard\" itself; expected a single level\n"
	 "profiles.d/x.conf:4: profile \"c\" extends \"b\", which extends \"a\" itself; expected a single level"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"standard\"; extends = \"read-only\"; } );\n",
	 "profiles.d/x.conf:2: profile \"content-editor\" extends \"standard\", which extends \"read-only\" itself; expected a single level\n"
	 "profiles.d/x.conf:2: profile \"read-only\" extends \"standard\", which extends \"read-only\" itself; expected a single level\n"
	 "profiles.d/x.conf:2: profile \"read-only-offline\" extends \"standard\", which extends \"read-only\" itself; expected a single level\n"
	 "profiles.d/x.conf:2: profile \"service-control\" extends \"standard\", which extends \"read-only\" itself; expected a single level\n"
	 "profiles.d/x.conf:2: profile \"user-drive\" extends \"standard\", which extends \"read-only\" itself; expected a single level"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   extends = [ \"standard\", \"read-only\" ]; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": extends is an array [ ]; expected a string"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   execute = \"none\"; limits = { open_files = 5000; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": open_files is more than 4096; expected less, or execute = \"any\""},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   execute = [ \"/usr/bin/id\" ]; capabilities = [ \"CAP_SYS_RESOURCE\" ]; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": CAP_SYS_RESOURCE lifts the limit that keeps other programs from being started; expected execute = \"any\" with it"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   filesystem = { hidden = [ \"/\" ]; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": / is hidden, so that no program could start; expected directories in it"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   filesystem = { read = [ \"/srv\" ]; hidden = [ \"/srv\" ]; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": /srv is to be read and hidden; expected one of them"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   filesystem = { read = [ \"/srv\" ];\n"
	 "   write = [ \"/srv/a\", \"/var\" ]; }; } );\n",
	 "profiles.d/x.conf:4: profile \"p\": /var is to be written but is not below a path of read; expected it there too"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   filesystem = { write = [ \"/srv/a\" ];\n"
	 "   hidden = [ \"/srv\" ]; }; } );\n",
	 "profiles.d/x.conf:4: profile \"p\": /srv/a is to be written and hidden; expected one of them"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   execute = [ \"/opt/a/b\" ];\n"
	 "   filesystem = { hidden = [ \"/opt\" ]; }; } );\n",
	 "profiles.d/x.conf:4: profile \"p\": /opt/a/b is to be executed and hidden; expected one of them"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   audit = \"full\"; audit = \"full\"; } );\n",
	 "profiles.d/x.conf:3: \"audit\" is given twice; it is already on line 3"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\"; },\n"
	 " { name = \"p\"; } );\n",
	 "profiles.d/x.conf:3: profile \"p\" is already defined at profiles.d/x.conf:2"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p q\"; },\n"
	 " { } );\n",
	 "profiles.d/x.conf:2: profile \"p q\": name = \"p q\" is refused; expected a name of letters, digits, \"_\", \".\" and \"-\", beginning with none of the last two, at most 64 bytes\n"
	 "profiles.d/x.conf:3: key \"name\" is missing"},
	{"profiles.d/x.conf",
	 "profiles = ( \"p\" );\n",
	 "profiles.d/x.conf:1: profiles has a string in it; expected groups { }"},
	{"profiles.d/x.conf",
	 "profile = ( { name = \"p\"; } );\n",
	 "profiles.d/x.conf: key \"profiles\" is missing\n"
	 "profiles.d/x.conf:1: key \"profile\" is unknown; expected one of profiles (did you mean \"profiles\"?)"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"standard\";\n"
	 "   extends = \"unrestricted\"; } );\n",
	 "profiles.d/x.conf:3: profile \"content-editor\" extends \"standard\", which extends \"unrestricted\" itself; expected a single level\n"
	 "profiles.d/x.conf:3: profile \"read-only\" extends \"standard\", which extends \"unrestricted\" itself; expected a single level\n"
	 "profiles.d/x.conf:3: profile \"read-only-offline\" extends \"standard\", which extends \"unrestricted\" itself; expected a single level\n"
	 "profiles.d/x.conf:3: profile \"service-control\" extends \"standard\", which extends \"unrestricted\" itself; expected a single level\n"
	 "profiles.d/x.conf:3: profile \"user-drive\" extends \"standard\", which extends \"unrestricted\" itself; expected a single level"},
	{"profiles.d/x.conf",
	 "profiles = (\n"
	 " { name = \"p\";\n"
	 "   limits = { file_size = \"16777217T\"; }; } );\n",
	 "profiles.d/x.conf:3: profile \"p\": file_size = \"16777217T\" is refused; expected a size such as \"512M\" (K, M, G or T)"},
	{NULL, NULL, NULL},
};
/* clang-format on */
