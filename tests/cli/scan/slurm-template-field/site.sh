#!/bin/bash
{options}
module load gcc
srun {command}
