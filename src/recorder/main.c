/* rolegate-recorder: writes what the gateway tells it, where nobody else can. */
#include <unistd.h>

#include "base/message.h"
#include "recorder/options.h"

int main(int argc, char **argv)
{
	struct recorder_options options;
	int status;

	message_set_name("rolegate-recorder");
	status = recorder_options_parse(argc, argv, &options);
	if (status >= 0)
		return status;
	message_die(1, "not there yet");
}
