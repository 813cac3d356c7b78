"""Accounts over HTTP, at Devise's addresses."""

from fastapi import APIRouter

from app.accounts.router import account, links

ACCOUNT_PATH, PASSWORD_PATH = account.PATH, links.PASSWORD_PATH

router = APIRouter(tags=["accounts"])
router.include_router(account.router)
router.include_router(links.router)
