var builder = WebApplication.CreateBuilder(args);
var greeting = builder.Configuration["GREETING"] ?? "Hello";
var release = builder.Configuration["RELEASE"] ?? "no release";

// To see a promotion fail and go back: dotnet convox env set CRASH=no-database --promote
if (builder.Configuration["CRASH"] is { Length: > 0 } reason)
{
    Console.Error.WriteLine("Hello cannot start.");
    Console.Error.WriteLine($"CRASH says: {reason}");
    return 1;
}

var app = builder.Build();
app.MapGet("/", () => $"{greeting} from release {release}\n");
app.MapGet("/health", () => "ok");
app.Run();
return 0;
