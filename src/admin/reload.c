/* reload: a bad configuration changes nothing, and the gateway says what is wrong with it. */
#include "admin/admin.h"
#include "admin/control.h"

int reload_run(const struct options *options)
{
	return control_run(options, PACKET_RELOAD);
}
