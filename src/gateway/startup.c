#include "gateway/function.h"

int request_check_startup(struct request *request)
{
	(void)request;
	return 0;
}
