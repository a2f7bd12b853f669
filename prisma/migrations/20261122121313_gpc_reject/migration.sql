-- AlterEnum
ALTER TYPE "consent_state" ADD VALUE 'gpc_reject';
