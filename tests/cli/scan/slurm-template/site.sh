#!/bin/bash
{options}
#SBATCH --account=plasma
module load gcc
{worker}
