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
        Assert.Equal("Somebody signed in to the console.\n", Terminal.Talk.ToString());
    }

    [Fact]
    public async Task It_signs_in_once_and_says_what_to_do_when_it_was_somebody_else()
    {
        await Get(Server.SignInUrl);
        var again = await Get(Server.SignInUrl);
        Assert.Equal(HttpStatusCode.Forbidden, again.Status);
        Assert.Contains("This address was used already to sign in, and is good for once. If that was not you, end the console with Ctrl-C", again.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Set-Cookie", again.Headers.Keys);
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
        Assert.Contains("CONVOX0043 You are not signed in to this console.", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hello", refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?token=")]
    [InlineData("?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Another_token_does_not_sign_in_and_does_not_use_the_right_one_up(string query)
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await Get("/sign-in" + query)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Get("/")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Get(Server.SignInUrl)).Status);
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
        await Press("/sign-out");
        Assert.Equal(HttpStatusCode.Unauthorized, (await Get("/")).Status);
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

        Assert.Equal(HttpStatusCode.Forbidden, (await Press("/sign-in", ("token", "another"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await Press("/sign-in", ("token", Token!))).Status);
        Assert.Equal(HttpStatusCode.OK, (await Press("/sign-in", ("token", Token!))).Status);
        Assert.Equal(HttpStatusCode.OK, (await Get("/")).Status);
    }
}
