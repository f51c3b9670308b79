"use strict";
/* The same form, sent with a word on how far it is: a slow line needs minutes for ten photos. Without
   this script the page works as it stands. */
const show = html => {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("main");
  if (!fresh) return location.reload();
  document.querySelector("main").replaceWith(fresh);
  fresh.scrollIntoView({ block: "start" });
  begin();
};

const send = form => {
  const request = new XMLHttpRequest(), state = form.querySelector(".state"), button = form.querySelector("button");
  const tell = text => { state.hidden = false; state.textContent = text; };
  const body = new FormData(form);
  request.open("POST", form.action);
  request.timeout = 900000;
  request.upload.onprogress = e => { if (e.total) tell(e.loaded < e.total ? `Đang gửi ${Math.round(100 * e.loaded / e.total)}%` : "Đang xem ảnh, tệp…"); };
  request.onload = () => request.status < 500 ? show(request.responseText) : failed();
  request.onerror = request.ontimeout = () => failed();
  const failed = () => {
    button.disabled = false;
    button.textContent = "Gửi lại";
    tell("Mạng yếu nên chưa gửi được. Đồng chí gửi lại, phần đã đến sẽ không bị lặp.");
  };
  button.disabled = true;
  tell("Đang gửi…");
  request.send(body);
};

/* Where the phone is, once, when asked to. A second sending of the same place counts once. */
const locate = form => {
  const state = form.querySelector(".state"), button = form.querySelector("button");
  const tell = text => { state.hidden = false; state.textContent = text; };
  const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("");
  const failed = text => { button.disabled = false; tell(text); };
  button.disabled = true;
  tell("Đang lấy vị trí…");
  navigator.geolocation.getCurrentPosition(async at => {
    tell("Đang gửi…");
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRF": form.csrf.value },
        body: JSON.stringify({ id, place: [at.coords.latitude, at.coords.longitude] }),
      });
      if (answer.status >= 500) throw new Error();
      place(await answer.text());
    } catch { failed("Mạng yếu nên chưa gửi được. Đồng chí gửi lại."); }
  }, () => failed("Chưa lấy được vị trí. Đồng chí cho phép trang dùng vị trí, hoặc gõ tên thôn, xã trong cuộc trò chuyện."),
  { enableHighAccuracy: true, timeout: 20000 });
};

/* Photos chosen meanwhile stay chosen: only what the answer says about the place is shown. */
const place = html => {
  const chosen = document.querySelector("form.choose input[type=file]");
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("form.pin");
  if (!fresh || !(chosen && chosen.files.length)) return show(html);
  document.querySelector("form.pin").replaceWith(fresh);
  pinned();
};

const pinned = () => {
  const pin = document.querySelector("form.pin");
  if (!pin || !navigator.geolocation) return;
  pin.hidden = false;
  pin.addEventListener("submit", event => { event.preventDefault(); locate(pin); });
};

const begin = () => {
  pinned();
  const form = document.querySelector("form.choose");
  if (form) form.addEventListener("submit", event => { event.preventDefault(); send(form); });
  if (!document.querySelector(".shot.wait, .shot-wait")) return;
  const again = document.querySelector(".again");
  if (again) again.hidden = true;
  setTimeout(look, 2000);
};

/* Only the photos are looked at again: what has been chosen in the form meanwhile stays. */
const look = async () => {
  const place = document.getElementById("da-nhan");
  if (!place) return;
  try {
    const answer = await fetch(location.pathname);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("da-nhan");
    if (fresh) { const link = fresh.querySelector(".again"); if (link) link.hidden = true; place.replaceWith(fresh); }
  } catch { /* tried again below */ }
  if (document.querySelector(".shot.wait, .shot-wait")) setTimeout(look, 3000);
};

begin();
