-- AlterEnum
ALTER TYPE "setter_kind" ADD VALUE 'preset' BEFORE 'unknown';
