// An old address with a place in it leads to that place on the new page.
const { href } = document.querySelector("link[rel=canonical]");
location.replace(location.hash ? href.replace(/#.*/, "") + location.hash : href);
