"""Which Bot API methods there are here. Names are matched without regard to case, as in the real
one; a method that is not in the table is a 404 "Not Found"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import changing, sending, settings
from .state import State
from .wire import Params

METHODS: dict[str, Callable[[State, Params], Any]] = {
    name.lower(): method
    for name, method in {
        "getMe": settings.get_me,
        "getUpdates": settings.get_updates,
        "setWebhook": settings.set_webhook,
        "deleteWebhook": settings.delete_webhook,
        "getWebhookInfo": settings.get_webhook_info,
        "setMyCommands": settings.set_my_commands,
        "getMyCommands": settings.get_my_commands,
        "deleteMyCommands": settings.delete_my_commands,
        "getFile": settings.get_file,
        "getChat": settings.get_chat,
        "sendMessage": sending.send_message,
        "sendPhoto": sending.send_photo,
        "sendDocument": sending.send_document,
        "sendLocation": sending.send_location,
        "sendMediaGroup": sending.send_media_group,
        "sendChatAction": sending.send_chat_action,
        "editMessageText": changing.edit_message_text,
        "editMessageCaption": changing.edit_message_caption,
        "editMessageReplyMarkup": changing.edit_message_reply_markup,
        "deleteMessage": changing.delete_message,
        "deleteMessages": changing.delete_messages,
        "setMessageReaction": changing.set_message_reaction,
        "answerCallbackQuery": changing.answer_callback_query,
    }.items()
}
