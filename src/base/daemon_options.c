#include "base/daemon_options.h"

#include <getopt.h>
#include <stdio.h>

#include "base/message.h"

enum { EXIT_USAGE = 2 };

static int say(const char *text, const char *more)
{
	printf("%s%s", text, more);
	return fflush(stdout) == 0 ? 0 : 1;
}

static bool has_good_paths(const struct daemon_options *options)
{
	if (options->directory[0] != '/')
		message_error("%s: the configuration's path must be absolute", options->directory);
	else if (options->cgroup != NULL && options->cgroup[0] != '/')
		message_error("%s: the control group's path must be absolute", options->cgroup);
	else
		return true;
	return false;
}

int daemon_options_parse(
	int argc, char **argv, const struct daemon_program *program, struct daemon_options *options)
{
	const struct option known[] = {{"foreground", no_argument, NULL, 'f'},
		{"config", required_argument, NULL, 'c'}, {"version", no_argument, NULL, 'V'},
		{"help", no_argument, NULL, 'h'},
		{program->has_cgroup ? "cgroup" : NULL, required_argument, NULL, 'g'},
		{NULL, 0, NULL, 0}};
	int option;

	*options = (struct daemon_options){.directory = ROLEGATE_CONFIG_DIR};
	while ((option = getopt_long(argc, argv, "fc:", known, NULL)) != -1) {
		if (option == 'f')
			options->foreground = true;
		else if (option == 'c')
			options->directory = optarg;
		else if (option == 'g')
			options->cgroup = optarg;
		else if (option == 'V')
			return say(program->name, " " PACKAGE_VERSION "\n");
		else if (option == 'h')
			return say(program->usage, "");
		else
			break;
	}
	if (option == -1 && optind == argc && has_good_paths(options))
		return -1;
	fputs(program->usage, stderr);
	return EXIT_USAGE;
}
