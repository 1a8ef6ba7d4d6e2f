#include "gateway/function.h"

void request_conclude(struct request *request, struct run_end *end)
{
	(void)request;
	(void)end;
}
