/* status: what the gateway is doing, and what is enforced by which means. */
#include "admin/admin.h"
#include "admin/control.h"

int status_run(const struct options *options)
{
	return control_run(options, PACKET_STATUS);
}
