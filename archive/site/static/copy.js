// Buttons that copy the text of the element they name. They stay hidden where scripts do not run.
for (const button of document.querySelectorAll("button.copy")) {
  const element = document.getElementById(button.dataset.copies);
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = element.value ?? element.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Pages without TLS have no clipboard: the text is selected instead, ready to be copied by hand.
      if (element.select) element.select();
      else getSelection().selectAllChildren(element);
      return;
    }
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}
