"Which coordinates next: schedules, and the samplers in `SAMPLERS`."
