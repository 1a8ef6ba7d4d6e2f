#include "recorder/options.h"

#include <getopt.h>
#include <stdio.h>

#include "base/message.h"

enum { EXIT_USAGE = 2 };

static const char usage[] =
	"usage: rolegate-recorder [-f] [-c DIRECTORY]\n"
	"  -f, --foreground        stay in the foreground\n"
	"  -c, --config DIRECTORY  where recorder.conf is, default " ROLEGATE_CONFIG_DIR "\n"
	"      --version\n"
	"      --help\n";

static int say(const char *text)
{
	fputs(text, stdout);
	return fflush(stdout) == 0 ? 0 : 1;
}

int recorder_options_parse(int argc, char **argv, struct recorder_options *options)
{
	static const struct option known[] = {{"foreground", no_argument, NULL, 'f'},
		{"config", required_argument, NULL, 'c'}, {"version", no_argument, NULL, 'V'},
		{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
	int option;

	*options = (struct recorder_options){.directory = ROLEGATE_CONFIG_DIR};
	while ((option = getopt_long(argc, argv, "fc:", known, NULL)) != -1) {
		if (option == 'f')
			options->foreground = true;
		else if (option == 'c')
			options->directory = optarg;
		else if (option == 'V')
			return say("rolegate-recorder " PACKAGE_VERSION "\n");
		else if (option == 'h')
			return say(usage);
		else
			break;
	}
	if (option == -1 && optind == argc && options->directory[0] == '/')
		return -1;
	if (option == -1 && optind == argc)
		message_error("%s: the configuration's path must be absolute", options->directory);
	fputs(usage, stderr);
	return EXIT_USAGE;
}
