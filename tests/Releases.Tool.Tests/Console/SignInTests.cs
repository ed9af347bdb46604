using System.Net;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class SignInTests : Browsing
{
    private protected override Task Arrange() => Task.CompletedTask;

    [Fact]
    public async Task The_address_that_is_printed_signs_in_with_a_cookie_that_is_for_the_browser_alone()
    {
        var signedIn = await Get(Server.SignInUrl);
        Assert.Equal(HttpStatusCode.OK, signedIn.Status);
        Assert.Matches("^convox-console-[0-9]+=[A-Za-z0-9_-]{43}; path=/; samesite=strict; httponly$", signedIn.Headers["Set-Cookie"]);
        Assert.Contains("http-equiv=\"refresh\" content=\"0;url=/\"", signedIn.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Get("/")).Status);
        Assert.Equal("New sign-in from 127.0.0.1.\n", Terminal.Talk.ToString());
    }

    [Fact]
    public async Task Behind_a_proxy_that_encrypts_every_cookie_is_only_for_encrypted_connections()
    {
        await Is("/apps/hello/releases", "convox-console-to-");
        await Is(Server.SignInUrl, "convox-console-[0-9]+=");

        async Task Is(string path, string name)
        {
            var answer = await Get(path, request => request.Headers.Add("X-Forwarded-Proto", "https"));
            Assert.Matches($"{name}.*; secure;", answer.Headers["Set-Cookie"]);
        }
    }

    [Fact]
    public async Task It_signs_in_once_and_says_what_to_do_when_it_was_somebody_else()
    {
        await Get(Server.SignInUrl);
        using var another = NewClient();
        using var again = await another.GetAsync(Server.SignInUrl, Ending);
        Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
        Assert.Contains("This sign-in link has been used.", await again.Content.ReadAsStringAsync(Ending), StringComparison.Ordinal);
        Assert.False(again.Headers.Contains("Set-Cookie"));
        // Whoever signed in with it stays signed in.
        var mine = await Get(Server.SignInUrl);
        Assert.Equal((HttpStatusCode.SeeOther, "/"), (mine.Status, mine.LeadsTo));
    }

    [Fact]
    public async Task Programs_that_only_ask_what_is_there_do_not_use_the_link_up()
    {
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.NoContent, (await Send(HttpMethod.Head, Server.SignInUrl, null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Get(Server.SignInUrl)).Status);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/apps/hello/releases")]
    [InlineData("/apps/hello/environment")]
    [InlineData("/apps/hello/live")]
    [InlineData("/no/such/page")]
    public async Task Nothing_is_shown_to_who_is_not_signed_in(string path)
    {
        var refused = await Get(path);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Contains("CONVOX0043 you are not signed in to this console.", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hello", refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData("?token=", HttpStatusCode.OK)]
    [InlineData("?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", HttpStatusCode.Forbidden)]
    public async Task Another_token_leads_to_the_form_and_does_not_use_the_right_one_up(string query, HttpStatusCode status)
    {
        var form = await Get("/sign-in" + query);
        Assert.Equal(status, form.Status);
        Assert.Contains("type=\"password\"", form.Html, StringComparison.Ordinal);
        Assert.Contains("press Enter in the terminal", form.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Get("/")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Get(Server.SignInUrl)).Status);
    }

    [Fact]
    public async Task The_form_takes_a_link_or_its_token_once_and_leads_to_the_page_that_was_wanted()
    {
        var refused = await Get("/apps/hello/releases");
        Assert.Contains("href=\"/sign-in\"", refused.Html, StringComparison.Ordinal);
        await Get("/sign-in");
        var wrong = await Press("/sign-in", ("token", "another"));
        Assert.Equal(HttpStatusCode.Forbidden, wrong.Status);
        Assert.Contains("Wrong token. Try again.", wrong.Text, StringComparison.Ordinal);
        var right = await Press("/sign-in", ("token", $" {Server.SignInUrl}\n"));
        Assert.Equal((HttpStatusCode.SeeOther, "/apps/hello/releases"), (right.Status, right.LeadsTo));
        Assert.Equal(HttpStatusCode.OK, (await Get(right.LeadsTo!)).Status);
        await Press("/sign-out");
        await Get("/sign-in");
        var used = await Press("/sign-in", ("token", Server.SignInUrl.Split("token=")[1]));
        Assert.Equal(HttpStatusCode.Forbidden, used.Status);
        Assert.Contains("This sign-in link has been used.", used.Text, StringComparison.Ordinal);
        Assert.Contains("type=\"password\"", used.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_made_up_cookie_does_not_either()
    {
        var refused = await Get("/", request => request.Headers.Add("Cookie", $"convox-console-{Address.Port}={new string('A', 43)}"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
    }

    [Fact]
    public async Task Whoever_signs_out_is_out()
    {
        await Get(Server.SignInUrl);
        await Get("/");
        using var stream = await Listen("/apps/hello/live");
        var signedOut = await Press("/sign-out");
        Assert.Equal((HttpStatusCode.SeeOther, "/signed-out"), (signedOut.Status, signedOut.LeadsTo));
        var page = await Get("/signed-out");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("<h1>Signed out</h1>", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Sign out", page.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/sign-in\"", page.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Get("/")).Status);
        // What was open hears no more.
        await stream.ReadToEndAsync(Ending);
    }

    [Theory]
    [InlineData(1, 11, true)]
    [InlineData(1, 12, false)]
    [InlineData(13, 1, false)]
    public async Task A_session_ends_after_twelve_hours_however_often_it_is_used(int hoursBetween, int times, bool isIn)
    {
        await Get(Server.SignInUrl);
        for (var i = 0; i < times; i++)
        {
            Time.Advance(TimeSpan.FromHours(hoursBetween) + TimeSpan.FromSeconds(1));
            await Get("/");
        }

        Assert.Equal(isIn ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, (await Get("/")).Status);
    }

    [Fact]
    public async Task Signing_in_leads_to_the_page_that_was_wanted_and_to_no_other_host()
    {
        await Get("/apps/hello/releases?q=basket");
        Assert.Contains("content=\"0;url=/apps/hello/releases?q=basket\"", (await Get(Server.SignInUrl)).Html, StringComparison.Ordinal);
        await Get("/");
        await Press("/sign-out");
        // Once: the next time leads to the apps. What an open page asks by itself is nothing that somebody wants.
        await Get("/apps/hello/live");
        await Get("/apps/hello/events", request => request.Headers.Add("X-Console-Refresh", "1"));
        await Get("/nowhere");
        Assert.Contains("content=\"0;url=/\"", (await Get(Server.NewSignInUrl())).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_link_signs_in_once_and_takes_the_place_of_the_one_before()
    {
        var old = Server.SignInUrl;
        var link = Server.NewSignInUrl();
        Assert.Equal(HttpStatusCode.Forbidden, (await Get(old)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Get(link)).Status);
        using var another = NewClient();
        using var again = await another.GetAsync(link, Ending);
        Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
    }
}

/// <summary>A console that others can reach.</summary>
public sealed class SharedConsoleTests : Browsing
{
    private protected override bool IsShared => true;

    [Fact]
    public async Task A_session_that_nobody_uses_for_an_hour_ends_though_its_pages_ask_by_themselves()
    {
        using var stream = await Listen("/apps/hello/live");
        for (var i = 0; i < 2; i++)
        {
            Time.Advance(TimeSpan.FromMinutes(40));
            Assert.Equal(i == 0 ? HttpStatusCode.OK : HttpStatusCode.Unauthorized,
                (await Get("/", request => request.Headers.Add("X-Console-Refresh", "1"))).Status);
        }

        // What was open hears no more.
        await stream.ReadToEndAsync(Ending);
    }

    [Fact]
    public async Task One_that_is_used_goes_on()
    {
        for (var i = 0; i < 4; i++)
        {
            Time.Advance(TimeSpan.FromMinutes(40));
            Assert.Equal(HttpStatusCode.OK, (await Get("/")).Status);
        }
    }
}

public sealed class SetTokenTests : Browsing
{
    private protected override string? Token => "a token that somebody set";

    private protected override Task Arrange() => Task.CompletedTask;

    [Fact]
    public async Task A_token_that_somebody_set_is_typed_into_a_form_and_stays()
    {
        Assert.EndsWith("/sign-in", Server.SignInUrl, StringComparison.Ordinal);
        Assert.Contains("type=\"password\"", (await Get(Server.SignInUrl)).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Get("/sign-in?token=" + Uri.EscapeDataString(Token!))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Get("/")).Status);

        var wrong = await Press("/sign-in", ("token", "another"));
        Assert.Equal(HttpStatusCode.Forbidden, wrong.Status);
        Assert.Contains("Wrong token. Try again.", wrong.Text, StringComparison.Ordinal);
        Assert.Contains("type=\"password\"", wrong.Html, StringComparison.Ordinal);
        for (var i = 0; i < 2; i++)
        {
            var right = await Press("/sign-in", ("token", Token!));
            Assert.Equal((HttpStatusCode.SeeOther, "/"), (right.Status, right.LeadsTo));
        }

        Assert.Equal(HttpStatusCode.OK, (await Get("/")).Status);
    }

    [Fact]
    public async Task Whoever_guesses_has_to_wait_longer_each_time_and_is_told_of_at_the_terminal()
    {
        for (var i = 0; i < 6; i++) Assert.Equal(HttpStatusCode.Forbidden, (await Press("/sign-in", ("token", $"guess {i}"))).Status);
        for (var i = 0; i < 200; i++)
        {
            var refused = await Press("/sign-in", ("token", i == 0 ? Token! : $"guess {i}"));
            Assert.Equal((HttpStatusCode.TooManyRequests, "2"), (refused.Status, refused.Headers["Retry-After"]));
        }

        Time.Advance(TimeSpan.FromSeconds(2));
        await Press("/sign-in", ("token", "guess"));
        Assert.Equal("4", (await Press("/sign-in", ("token", "guess"))).Headers["Retry-After"]);
        Assert.Equal(
            "Wrong sign-in token from 127.0.0.1.\nWrong sign-in token from 127.0.0.1, 2 times now.\nWrong sign-in token from 127.0.0.1, 4 times now.\n", Terminal.Talk.ToString());
        Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(HttpStatusCode.SeeOther, (await Press("/sign-in", ("token", Token!))).Status);
    }
}
